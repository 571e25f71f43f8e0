import { expect, test } from 'vitest';
import { z } from 'zod';
import { openPlayground } from './open-playground.ts';

test('people, repositories and roles', async () => {
  await using play = await openPlayground();
  const dana = play.as('dana');
  expect((await dana.rest.users.getAuthenticated()).data.login).toBe('dana');
  expect((await dana.rest.users.getByUsername({ username: 'pulltrain[bot]' })).data.type).toBe('Bot');
  const made = await dana.rest.repos.createForAuthenticatedUser({ name: 'own', private: true });
  expect(made.data).toMatchObject({ full_name: 'dana/own', private: true, permissions: { admin: true } });
  await expect(dana.rest.repos.createForAuthenticatedUser({ name: 'own' })).rejects.toMatchObject({ status: 422 });
  await expect(play.as('maya').rest.repos.get({ owner: 'dana', repo: 'own' })).rejects.toMatchObject({ status: 404 });
  await expect(play.as('maya').rest.repos.createInOrg({ org: 'acme', name: 'x' })).rejects.toMatchObject({
    status: 403,
  });
  expect((await dana.rest.repos.listForOrg({ org: 'acme' })).data.map(({ name }) => name)).toEqual(['flight-delays']);
  const changed = await dana.rest.repos.update({ ...play.at, description: 'Late?', delete_branch_on_merge: true });
  expect(changed.data).toMatchObject({ description: 'Late?', delete_branch_on_merge: true });
  expect((await play.as('ravi').rest.repos.get(play.at)).data.permissions).toMatchObject({ push: false, pull: true });
  await expect(dana.rest.repos.update({ ...play.at, default_branch: 'absent' })).rejects.toMatchObject({ status: 422 });
  const roles = await Promise.all(
    ['dana', 'maya', 'ravi', 'pulltrain[bot]'].map((username) =>
      dana.rest.repos.getCollaboratorPermissionLevel({ ...play.at, username }),
    ),
  );
  expect(roles.map(({ data }) => data.permission)).toEqual(['admin', 'write', 'read', 'none']);
  expect((await dana.rest.rateLimit.get()).data.rate.limit).toBe(5000);
});

test('an unknown token, an unknown route and broken JSON are refused in words', async () => {
  await using play = await openPlayground();
  const answer = async (path: string, init: RequestInit) => {
    const response = await fetch(`${play.github.url}${path}`, init);
    const { message } = z.object({ message: z.string() }).parse(await response.json());
    return [response.status, message];
  };
  expect(await answer('/user', { headers: { authorization: 'token nope' } })).toEqual([401, 'Bad credentials']);
  expect(await answer('/user', {})).toEqual([401, 'Requires authentication']);
  expect(await answer('/api/v3/nothing', {})).toEqual([404, 'Not Found']);
  const headers = { authorization: `token ${play.tokens.dana}`, 'content-type': 'application/json' };
  expect(await answer('/user/repos', { method: 'POST', headers, body: '{' })).toEqual([400, 'Problems parsing JSON']);
});

test('lists are paged, with links that lead to the end', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  for (let number = 0; number < 7; number += 1) await maya.rest.issues.create({ ...play.at, title: `Issue ${number}` });
  const first = await maya.rest.issues.listForRepo({ ...play.at, per_page: 3 });
  expect(first.data.map(({ title }) => title)).toEqual(['Issue 6', 'Issue 5', 'Issue 4']);
  expect(first.headers.link).toContain('rel="next"');
  const all = await maya.paginate(maya.rest.issues.listForRepo, { ...play.at, per_page: 3 });
  expect(all).toHaveLength(7);
});

test('an unchanged answer is 304, and the rate limit is told', async () => {
  await using play = await openPlayground();
  const url = `${play.github.url}/repos/acme/flight-delays/labels`;
  const headers = { authorization: `token ${play.tokens.maya}` };
  const first = await fetch(url, { headers });
  expect(Number(first.headers.get('x-ratelimit-remaining'))).toBe(4999);
  const again = await fetch(url, { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
});

test('contents are written, read, listed and removed', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  const path = 'docs/a note.md';
  const write = (text: string, sha?: string) =>
    maya.rest.repos.createOrUpdateFileContents({
      ...play.at,
      path,
      message: 'Write',
      content: Buffer.from(text).toString('base64'),
      ...(sha === undefined ? {} : { sha }),
    });
  const made = await write('one\n');
  expect(made.status).toBe(201);
  await expect(write('two\n')).rejects.toMatchObject({ status: 422 });
  await expect(write('two\n', '0'.repeat(40))).rejects.toMatchObject({ status: 409 });
  expect((await write('two\n', made.data.content?.sha)).status).toBe(200);
  const raw = await maya.rest.repos.getContent({ ...play.at, path, mediaType: { format: 'raw' } });
  expect(Buffer.from(raw.data as unknown as ArrayBuffer).toString()).toBe('two\n');
  const file = await maya.rest.repos.getContent({ ...play.at, path });
  const data = file.data as { content: string; sha: string };
  expect(Buffer.from(data.content, 'base64').toString()).toBe('two\n');
  const root = await maya.rest.repos.getContent({ ...play.at, path: '' });
  expect(root.data).toMatchObject([{ name: 'docs', type: 'dir' }]);
  await maya.rest.repos.deleteFile({ ...play.at, path, message: 'Remove', sha: data.sha });
  await expect(maya.rest.repos.getContent({ ...play.at, path })).rejects.toMatchObject({ status: 404 });
  const commits = await maya.rest.repos.listCommits(play.at);
  expect(commits.data.map(({ commit }) => commit.message)).toEqual(['Remove', 'Write', 'Write']);
  expect(commits.data[0]?.author?.login).toBe('maya');
});
