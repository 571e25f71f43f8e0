import { expect, test } from 'vitest';
import { openAppClient } from './open-app-client.ts';
import { openPlayground } from './open-playground.ts';

const name = 'pulltrain / flight-delay';

async function protectedPull(enforceAdmins: boolean) {
  const play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const head = await clone.push('topic', { 'b.txt': 'b\n' }, 'B');
  await play.as('dana').rest.repos.updateBranchProtection({
    ...play.at,
    branch: 'main',
    required_status_checks: { strict: false, contexts: [], checks: [{ context: name, app_id: play.app.appId }] },
    enforce_admins: enforceAdmins,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await play.as('maya').rest.pulls.create({ ...play.at, title: 'Topic', head: 'topic', base: 'main' });
  const merge = (who: 'maya' | 'dana') => play.as(who).rest.pulls.merge({ ...play.at, pull_number: 1 });
  return { play, clone, head, merge };
}

test('a required check lets nothing pass but its own App in green', async () => {
  const { play, head, merge } = await protectedPull(true);
  await using _ = play;
  await expect(merge('maya')).rejects.toMatchObject({ status: 405, message: expect.stringContaining('is expected') });
  const job = play.github.issueJobToken(
    play.repository,
    { runId: 1, jobId: 1 },
    { checks: 'write', statuses: 'write' },
  );
  const forged = { ...play.at, name, head_sha: head, conclusion: 'success' as const };
  await play.withToken(job).rest.checks.create(forged);
  await play.withToken(job).rest.repos.createCommitStatus({ ...play.at, sha: head, state: 'success', context: name });
  await expect(merge('maya')).rejects.toMatchObject({ status: 405, message: expect.stringContaining('is expected') });

  const octokit = openAppClient(play, 'installation');
  const run = await octokit.rest.checks.create({ ...play.at, name, head_sha: head, status: 'in_progress' });
  await expect(merge('maya')).rejects.toMatchObject({ status: 405, message: expect.stringContaining('is pending') });
  const finish = (conclusion: 'failure' | 'success') =>
    octokit.rest.checks.update({
      ...play.at,
      check_run_id: run.data.id,
      conclusion,
      output: {
        title: conclusion,
        summary: 'sum',
        annotations: [{ path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'warning', message: 'm' }],
      },
    });
  await finish('failure');
  await expect(merge('dana')).rejects.toMatchObject({ status: 405, message: expect.stringContaining('is failing') });
  const blocked = await play.as('maya').rest.pulls.get({ ...play.at, pull_number: 1 });
  expect(blocked.data.mergeable_state).toBe('blocked');
  await finish('success');
  expect((await merge('maya')).data.merged).toBe(true);
  const annotations = await octokit.rest.checks.listAnnotations({ ...play.at, check_run_id: run.data.id });
  expect(annotations.data.map(({ message }) => message)).toEqual(['m', 'm']);
  await expect(
    play.withToken(job).rest.checks.update({ ...play.at, check_run_id: run.data.id, conclusion: 'success' }),
  ).rejects.toMatchObject({ status: 403 });
});

test('protection binds pushes and refs as it binds merges; an admin passes only while not enforced', async () => {
  const { play, clone, head, merge } = await protectedPull(false);
  await using _ = play;
  await expect(clone.git('push', 'origin', 'topic:main')).rejects.toThrow(/pre-receive hook declined/);
  await expect(clone.git('push', 'origin', '--delete', 'main')).rejects.toThrow(/refusing to delete|declined/);
  await expect(play.as('maya').rest.git.updateRef({ ...play.at, ref: 'heads/main', sha: head })).rejects.toMatchObject({
    status: 422,
  });
  const remote = await clone.git('ls-remote', 'origin', 'refs/heads/main');
  expect(remote).not.toContain(head);
  await expect(clone.git('push', 'origin', 'topic:refs/pull/1/head')).rejects.toThrow(/read-only|declined|hidden/);
  expect((await merge('dana')).data.merged).toBe(true);
});

test('checks of a commit are listed, latest first, and told to Apps', async () => {
  await using play = await openPlayground();
  const head = await (await play.clone('maya', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  const octokit = openAppClient(play, 'installation');
  await octokit.rest.checks.create({ ...play.at, name: 'a', head_sha: head, external_id: '1', conclusion: 'failure' });
  await octokit.rest.checks.create({ ...play.at, name: 'a', head_sha: head, external_id: '2', status: 'queued' });
  const jobCheck = play.github.upsertJobCheck(play.repository, {
    id: null,
    name: 'train',
    headSha: head,
    status: 'in_progress',
    conclusion: null,
    detailsUrl: `${play.github.url}/run`,
  });
  const listed = await octokit.rest.checks.listForRef({ ...play.at, ref: 'main' });
  expect(listed.data.check_runs.map((run) => [run.name, run.external_id, run.app?.slug])).toEqual([
    ['train', '', 'github-actions'],
    ['a', '2', 'pulltrain'],
  ]);
  const all = await octokit.rest.checks.listForRef({ ...play.at, ref: head, filter: 'all', check_name: 'a' });
  expect(all.data.total_count).toBe(2);
  expect((await octokit.rest.checks.get({ ...play.at, check_run_id: jobCheck })).data.status).toBe('in_progress');
  expect((await octokit.rest.checks.listSuitesForRef({ ...play.at, ref: head })).data.total_count).toBe(2);
  const long = { title: 't', summary: 'x'.repeat(65_536) };
  await expect(
    octokit.rest.checks.create({ ...play.at, name: 'b', head_sha: head, output: long }),
  ).rejects.toMatchObject({ status: 422 });
  await play.github.settled();
  const told = play.hooks.filter(({ headers }) => headers['x-github-event'] === 'check_run');
  expect(told.map(({ body }) => body.action)).toEqual(['created', 'completed', 'created', 'created']);
});

test('statuses combine into one', async () => {
  await using play = await openPlayground();
  const sha = await (await play.clone('maya', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  const maya = play.as('maya');
  const combined = async () => (await maya.rest.repos.getCombinedStatusForRef({ ...play.at, ref: 'main' })).data.state;
  expect(await combined()).toBe('pending');
  await maya.rest.repos.createCommitStatus({ ...play.at, sha, state: 'failure', context: 'ci' });
  expect(await combined()).toBe('failure');
  await maya.rest.repos.createCommitStatus({ ...play.at, sha, state: 'success', context: 'ci' });
  expect(await combined()).toBe('success');
  expect((await maya.rest.repos.listCommitStatusesForRef({ ...play.at, ref: sha })).data).toHaveLength(2);
});
