import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

test('a push to the head moves the pull request, a conflict takes its merge ref away', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  await clone.push('topic', { 'a.txt': 'topic\n' }, 'Topic');
  const maya = play.as('maya');
  await maya.rest.pulls.create({ ...play.at, title: 'Topic', head: 'topic', base: 'main', body: 'text' });
  const head = await clone.push('topic', { 'a.txt': 'topic again\n' }, 'Again');
  const moved = await maya.rest.pulls.get({ ...play.at, pull_number: 1 });
  expect(moved.data).toMatchObject({ commits: 2, mergeable: true, mergeable_state: 'clean', head: { sha: head } });

  await clone.git('checkout', '--quiet', 'main');
  await clone.push('main', { 'a.txt': 'other\n' }, 'Other');
  const stuck = await maya.rest.pulls.get({ ...play.at, pull_number: 1 });
  expect(stuck.data).toMatchObject({ mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null });
  expect(await clone.git('ls-remote', 'origin', 'refs/pull/1/merge')).toBe('');
  await expect(maya.rest.pulls.merge({ ...play.at, pull_number: 1 })).rejects.toMatchObject({ status: 405 });

  const actions = play.events.filter(({ name }) => name === 'pull_request').map(({ action }) => action);
  expect(actions).toEqual(['opened', 'synchronize']);
  expect((await maya.rest.pulls.list({ ...play.at, head: 'acme:topic' })).data).toHaveLength(1);
  expect((await maya.rest.pulls.listFiles({ ...play.at, pull_number: 1 })).data[0]?.filename).toBe('a.txt');
  expect((await maya.rest.pulls.listCommits({ ...play.at, pull_number: 1 })).data).toHaveLength(2);
});

test.each(['merge', 'squash', 'rebase'] as const)('%s keeps the tree that was reviewed', async (method) => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const base = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  await clone.push('topic', { 'b.txt': 'b\n' }, 'B');
  const head = await clone.push('topic', { 'c.txt': 'c\n' }, 'C');
  await clone.git('checkout', '--quiet', '-B', 'main', base);
  const moved = await clone.push('main', { 'z.txt': 'z\n' }, 'Z');
  const maya = play.as('maya');
  await maya.rest.issues.create({ ...play.at, title: 'A wish' });
  await maya.rest.pulls.create({ ...play.at, title: 'Topic', head: 'topic', base: 'main', body: 'Closes #1' });
  await expect(
    maya.rest.pulls.merge({ ...play.at, pull_number: 2, sha: base, merge_method: method }),
  ).rejects.toMatchObject({ status: 409 });
  const { data } = await maya.rest.pulls.merge({ ...play.at, pull_number: 2, sha: head, merge_method: method });
  await clone.git('fetch', '--quiet');
  expect(await clone.git('ls-tree', '--name-only', 'origin/main')).toBe('a.txt\nb.txt\nc.txt\nz.txt');
  const subjects = (await clone.git('log', '--first-parent', '--format=%s', `${moved}..origin/main`)).split('\n');
  const expected = { merge: ['Merge pull request #2 from acme/topic'], squash: ['Topic (#2)'], rebase: ['C', 'B'] };
  expect(subjects).toEqual(expected[method]);
  expect((await maya.rest.issues.get({ ...play.at, issue_number: 1 })).data.state).toBe('closed');
  const found = await maya.rest.repos.listPullRequestsAssociatedWithCommit({ ...play.at, commit_sha: data.sha });
  expect(found.data.map(({ number }) => number)).toEqual([2]);
  expect((await maya.rest.pulls.checkIfMerged({ ...play.at, pull_number: 2 })).status).toBe(204);
});

test('a branch that is pushed to its base counts as merged, one that is deleted closes its pull request', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const head = await clone.push('topic', { 'b.txt': 'b\n' }, 'B');
  const maya = play.as('maya');
  await maya.rest.pulls.create({ ...play.at, title: 'Topic', head: 'topic', base: 'main' });
  await clone.git('push', '--quiet', 'origin', 'topic:main');
  const merged = await maya.rest.pulls.get({ ...play.at, pull_number: 1 });
  expect(merged.data).toMatchObject({ merged: true, merge_commit_sha: head });

  await clone.push('other', { 'c.txt': 'c\n' }, 'C');
  await maya.rest.pulls.create({ ...play.at, title: 'Other', head: 'other', base: 'main' });
  await clone.git('push', '--quiet', 'origin', '--delete', 'other');
  expect((await maya.rest.pulls.get({ ...play.at, pull_number: 2 })).data).toMatchObject({
    state: 'closed',
    merged: false,
  });
});

test('what cannot become a pull request is refused with the reason', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  await clone.git('push', '--quiet', 'origin', 'main:same');
  const maya = play.as('maya');
  const open = (head: string) => maya.rest.pulls.create({ ...play.at, title: 'x', head, base: 'main' });
  await expect(open('absent')).rejects.toMatchObject({ status: 422 });
  await expect(open('same')).rejects.toThrow(/No commits between main and same/);
  await clone.push('topic', { 'b.txt': 'b\n' }, 'B');
  await open('topic');
  await expect(open('topic')).rejects.toThrow(/already exists for acme:topic/);
  const update = await maya.rest.pulls.update({ ...play.at, pull_number: 1, title: 'Better', state: 'closed' });
  expect(update.data).toMatchObject({ title: 'Better', state: 'closed' });
  await maya.rest.pulls.update({ ...play.at, pull_number: 1, state: 'open' });
  await play.as('dana').rest.pulls.createReview({ ...play.at, pull_number: 1, event: 'APPROVE' });
  expect((await maya.rest.pulls.listReviews({ ...play.at, pull_number: 1 })).data[0]?.state).toBe('APPROVED');
  const actions = play.events.filter(({ name }) => name === 'pull_request').map(({ action }) => action);
  expect(actions).toEqual(['opened', 'edited', 'closed', 'reopened']);
});
