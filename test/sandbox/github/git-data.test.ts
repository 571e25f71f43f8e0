import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

test('a branch is built object by object and a writer who was too late is told', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const base = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const maya = play.as('maya');
  const blob = await maya.rest.git.createBlob({ ...play.at, content: 'AAEC', encoding: 'base64' });
  const read = await maya.rest.git.getBlob({ ...play.at, file_sha: blob.data.sha });
  expect(read.data).toMatchObject({ content: 'AAEC', size: 3 });
  const tree = await maya.rest.git.createTree({
    ...play.at,
    base_tree: base,
    tree: [
      { path: 'deep/er/b.json', mode: '100644', type: 'blob', content: '{}' },
      { path: 'deep/er-c.bin', mode: '100755', type: 'blob', sha: blob.data.sha },
    ],
  });
  const commit = await maya.rest.git.createCommit({
    ...play.at,
    message: 'Second',
    tree: tree.data.sha,
    parents: [base],
  });
  await maya.rest.git.createRef({ ...play.at, ref: 'refs/heads/ledger', sha: commit.data.sha });
  await expect(maya.rest.git.createRef({ ...play.at, ref: 'refs/heads/ledger', sha: base })).rejects.toMatchObject({
    status: 422,
  });

  await clone.git('fetch', '--quiet');
  expect(await clone.git('ls-tree', '-r', '--name-only', 'origin/ledger')).toBe('a.txt\ndeep/er-c.bin\ndeep/er/b.json');
  await clone.git('fsck', '--strict');

  const rival = await maya.rest.git.createCommit({
    ...play.at,
    message: 'Rival',
    tree: tree.data.sha,
    parents: [base],
  });
  await expect(maya.rest.git.updateRef({ ...play.at, ref: 'heads/ledger', sha: rival.data.sha })).rejects.toMatchObject(
    { status: 422 },
  );
  await maya.rest.git.updateRef({ ...play.at, ref: 'heads/ledger', sha: rival.data.sha, force: true });
  const ref = await maya.rest.git.getRef({ ...play.at, ref: 'heads/ledger' });
  expect(ref.data.object).toMatchObject({ type: 'commit', sha: rival.data.sha });
  const listed = await maya.rest.git.getTree({ ...play.at, tree_sha: 'ledger', recursive: '1' });
  expect(listed.data.tree.filter(({ type }) => type === 'blob')).toHaveLength(3);
  const matching = await maya.rest.git.listMatchingRefs({ ...play.at, ref: 'heads/led' });
  expect(matching.data.map(({ ref: name }) => name)).toEqual(['refs/heads/ledger']);
  await maya.rest.git.deleteRef({ ...play.at, ref: 'heads/ledger' });
  await expect(maya.rest.git.getRef({ ...play.at, ref: 'heads/ledger' })).rejects.toMatchObject({ status: 404 });
});

test('of writers that race for one ref exactly one wins', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const base = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const maya = play.as('maya');
  const { data } = await maya.rest.git.getCommit({ ...play.at, commit_sha: base });
  await maya.rest.git.createRef({ ...play.at, ref: 'refs/heads/ledger', sha: base });
  const rivals = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      maya.rest.git.createCommit({ ...play.at, message: `Rival ${number}`, tree: data.tree.sha, parents: [base] }),
    ),
  );
  const answers = await Promise.allSettled(
    rivals.map((rival) => maya.rest.git.updateRef({ ...play.at, ref: 'heads/ledger', sha: rival.data.sha })),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('tags, comparison and the files of a commit', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const base = await clone.push('main', { 'a.txt': 'a\n', 'gone.txt': 'x\n' }, 'First');
  await clone.git('rm', '--quiet', 'gone.txt');
  const head = await clone.push('next', { 'a.txt': 'a\nb\n', 'new.txt': 'n\n' }, 'Second');
  const maya = play.as('maya');
  const compared = await maya.rest.repos.compareCommitsWithBasehead({ ...play.at, basehead: 'main...next' });
  expect(compared.data).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 });
  const files = compared.data.files?.map(({ filename, status, patch }) => [filename, status, patch]);
  expect(files).toEqual([
    ['a.txt', 'modified', '@@ -1 +1,2 @@\n a\n+b'],
    ['gone.txt', 'removed', '@@ -1 +0,0 @@\n-x'],
    ['new.txt', 'added', '@@ -0,0 +1 @@\n+n'],
  ]);
  const commit = await maya.rest.repos.getCommit({ ...play.at, ref: head });
  expect(commit.data.stats).toMatchObject({ additions: 2, deletions: 1 });
  const first = await maya.rest.repos.getCommit({ ...play.at, ref: base });
  expect(first.data.files?.map(({ status }) => status)).toEqual(['added', 'added']);
  const tag = await maya.rest.git.createTag({ ...play.at, tag: 'v1', message: 'One', object: head, type: 'commit' });
  await maya.rest.git.createRef({ ...play.at, ref: 'refs/tags/v1', sha: tag.data.sha });
  expect((await maya.rest.git.getTag({ ...play.at, tag_sha: tag.data.sha })).data.object.sha).toBe(head);
  await clone.git('fetch', '--quiet', '--tags');
  expect(await clone.git('rev-parse', 'v1^{commit}')).toBe(head);
});
