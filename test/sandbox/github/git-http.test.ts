import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlayground, type Playground } from './open-playground.ts';

/** Pushes as a job or App would: with a token of its own in the address. */
async function pushAs(
  play: Playground,
  clone: Awaited<ReturnType<Playground['clone']>>,
  token: string,
  branch: string,
) {
  const url = `${play.github.url.replace('//', `//x-access-token:${token}@`)}/acme/flight-delays.git`;
  return clone.git('push', '--quiet', url, branch);
}

test('a push of megabytes arrives whole, and a shallow clone brings it back', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const bytes = randomBytes(3_000_000);
  await writeFile(join(clone.path, 'model.bin'), bytes);
  await clone.push('main', { 'a.txt': 'a\n' }, 'Large');
  const url = `${play.github.url}/acme/flight-delays`;
  await clone.git('clone', '--quiet', '--depth', '1', url, join(play.directory, 'shallow'));
  expect((await readFile(join(play.directory, 'shallow', 'model.bin'))).equals(bytes)).toBe(true);
});

test('any commit can be fetched by its id, as actions/checkout does', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const first = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  await clone.push('main', { 'a.txt': 'b\n' }, 'Second');
  await clone.git('init', '--quiet', join(play.directory, 'fresh'));
  const origin = `${play.github.url}/acme/flight-delays`;
  await clone.git('-C', join(play.directory, 'fresh'), 'fetch', '--quiet', '--depth', '1', origin, first);
  expect(await clone.git('-C', join(play.directory, 'fresh'), 'rev-parse', 'FETCH_HEAD')).toBe(first);
});

test('strangers read what is public and are asked for a password otherwise', async () => {
  await using play = await openPlayground();
  await play.as('dana').rest.repos.createForAuthenticatedUser({ name: 'hidden', private: true });
  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${play.github.url}${path}`, { headers })).status;
  expect(await status('/acme/flight-delays.git/info/refs?service=git-upload-pack')).toBe(200);
  expect(await status('/acme/flight-delays.git/info/refs?service=git-receive-pack')).toBe(401);
  expect(await status('/dana/hidden.git/info/refs?service=git-upload-pack')).toBe(401);
  const basic = `Basic ${Buffer.from(`x:${play.tokens.maya}`).toString('base64')}`;
  expect(await status('/dana/hidden.git/info/refs?service=git-upload-pack', { authorization: basic })).toBe(404);
  expect(await status('/%00.git/info/refs?service=git-upload-pack')).toBe(404);
});

test('workflow files want the permission for them, whatever way they come', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const token = play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, { contents: 'write' });
  await clone.git('checkout', '--quiet', '-b', 'fine');
  await clone.git('commit', '--quiet', '--allow-empty', '--message', 'Fine');
  await pushAs(play, clone, token, 'fine');
  await clone.git('checkout', '--quiet', '-b', 'evil');
  const blob = await clone.git('rev-parse', 'HEAD:a.txt');
  await clone.git('update-index', '--add', '--cacheinfo', `100644,${blob},.github/workflows/evil.yml`);
  await clone.git('commit', '--quiet', '--message', 'Evil');
  await expect(pushAs(play, clone, token, 'evil')).rejects.toThrow(/without `workflows` permission/);
  expect(await clone.git('ls-remote', 'origin', 'refs/heads/evil')).toBe('');
  expect(play.events.some(({ payload }) => payload.ref === 'refs/heads/evil')).toBe(false);
  await pushAs(play, clone, play.tokens.maya, 'evil');
  const write = { ...play.at, path: '.github/workflows/new.yml', message: 'x', content: 'eA==' };
  await expect(play.withToken(token).rest.repos.createOrUpdateFileContents(write)).rejects.toMatchObject({
    status: 409,
  });
});

test('a protected branch is never rewritten, even without required checks', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const first = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  await play.as('dana').rest.repos.updateBranchProtection({
    ...play.at,
    branch: 'main',
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  const second = await clone.push('main', { 'a.txt': 'b\n' }, 'Second');
  await clone.git('reset', '--quiet', '--hard', first);
  await expect(clone.push('main', { 'a.txt': 'c\n' }, 'Rewritten')).rejects.toThrow(/Cannot force-push/);
  expect(await clone.git('ls-remote', 'origin', 'refs/heads/main')).toContain(second);
  const protection = await play.as('dana').rest.repos.getBranchProtection({ ...play.at, branch: 'main' });
  expect(protection.data.enforce_admins?.enabled).toBe(true);
  const branch = await play.as('maya').rest.repos.getBranch({ ...play.at, branch: 'main' });
  expect(branch.data).toMatchObject({ protected: true, commit: { sha: second } });
  expect((await play.as('maya').rest.repos.listBranches({ ...play.at, protected: true })).data).toHaveLength(1);
  await play.as('dana').rest.repos.deleteBranchProtection({ ...play.at, branch: 'main' });
  await expect(play.as('dana').rest.repos.getBranchProtection({ ...play.at, branch: 'main' })).rejects.toMatchObject({
    status: 404,
  });
});
