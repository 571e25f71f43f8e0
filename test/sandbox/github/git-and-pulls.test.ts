import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

test('a pull request goes from push to merge, and everyone hears of it', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const base = await clone.push('main', { 'params.yaml': 'trees: 10\n' }, 'First');
  const head = await clone.push('better', { 'params.yaml': 'trees: 20\n' }, 'More trees');
  const maya = play.as('maya');

  const opened = await maya.rest.pulls.create({ ...play.at, title: 'Better', head: 'better', base: 'main' });
  expect(opened.status).toBe(201);
  expect(opened.data).toMatchObject({ number: 1, mergeable: true, changed_files: 1, additions: 1, deletions: 1 });
  const merge = await clone.git('ls-remote', 'origin', 'refs/pull/1/head', 'refs/pull/1/merge');
  expect(merge).toContain(`${head}\trefs/pull/1/head`);
  expect(merge).toContain('refs/pull/1/merge');

  const comment = await maya.rest.issues.createComment({ ...play.at, issue_number: 1, body: '/retrain' });
  await maya.rest.reactions.createForIssueComment({ ...play.at, comment_id: comment.data.id, content: 'eyes' });

  const merged = await maya.rest.pulls.merge({ ...play.at, pull_number: 1, merge_method: 'squash' });
  await clone.git('fetch', '--quiet', 'origin');
  expect(await clone.git('rev-parse', 'origin/main')).toBe(merged.data.sha);
  expect(await clone.git('rev-parse', 'origin/main^')).toBe(base);
  expect(await clone.git('log', '-1', '--format=%s', 'origin/main')).toBe('Better (#1)');
  const after = await maya.rest.pulls.get({ ...play.at, pull_number: 1 });
  expect(after.data).toMatchObject({ state: 'closed', merged: true, merged_by: { login: 'maya' } });

  await play.github.settled();
  const told = play.hooks.map(({ headers, body }) => `${headers['x-github-event']} ${body.action ?? body.ref}`);
  expect(told).toEqual([
    'push refs/heads/main',
    'push refs/heads/better',
    'pull_request opened',
    'issue_comment created',
    'push refs/heads/main',
    'pull_request closed',
  ]);
  const [first] = play.hooks;
  const signature = createHmac('sha256', 'a secret of the test, long enough')
    .update(first?.raw ?? '')
    .digest('hex');
  expect(first?.headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
});
