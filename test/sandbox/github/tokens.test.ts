import { createSign } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAppClient } from './open-app-client.ts';
import { openPlayground } from './open-playground.ts';

test('an App proves itself with a JWT and works with an installation token', async () => {
  await using play = await openPlayground();
  const { installationId } = play.app;
  const app = openAppClient(play, 'app');
  expect((await app.rest.apps.getAuthenticated()).data).toMatchObject({ slug: 'pulltrain', installations_count: 1 });
  expect((await app.rest.apps.listInstallations()).data.map(({ id }) => id)).toEqual([installationId]);
  expect((await app.rest.apps.getRepoInstallation(play.at)).data.id).toBe(installationId);

  expect((await app.rest.apps.getInstallation({ installation_id: installationId })).data.app_slug).toBe('pulltrain');
  expect((await play.as('maya').rest.apps.getBySlug({ app_slug: 'pulltrain' })).data?.name).toBe('Pulltrain');
  const bot = openAppClient(play, 'installation');
  const issue = await bot.rest.issues.create({ ...play.at, title: 'Drift', labels: ['drift'] });
  expect(issue.data.user).toMatchObject({ login: 'pulltrain[bot]', type: 'Bot' });
  expect(issue.data.performed_via_github_app?.slug).toBe('pulltrain');
  expect(issue.data.labels).toMatchObject([{ name: 'drift' }]);
  const repositories = await bot.rest.apps.listReposAccessibleToInstallation();
  expect(repositories.data.repositories.map(({ full_name: name }) => name)).toEqual(['acme/flight-delays']);
  await expect(bot.rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
  await expect(
    app.rest.apps.createInstallationAccessToken({
      installation_id: installationId,
      permissions: { administration: 'write' },
    }),
  ).rejects.toMatchObject({ status: 422 });
  const narrow = await app.rest.apps.createInstallationAccessToken({
    installation_id: installationId,
    repositories: ['flight-delays'],
    permissions: { issues: 'read' },
  });
  const reader = play.withToken(narrow.data.token);
  expect((await reader.rest.issues.listForRepo(play.at)).data).toHaveLength(1);
  await expect(reader.rest.issues.create({ ...play.at, title: 'No' })).rejects.toMatchObject({ status: 403 });
  await reader.rest.apps.revokeInstallationAccessToken();
  await expect(reader.rest.issues.listForRepo(play.at)).rejects.toMatchObject({ status: 401 });
});

test('a JWT that is late, lives too long or has another signature is refused', async () => {
  await using play = await openPlayground();
  const now = Math.floor(Date.now() / 1000);
  const status = async (claims: object, key = play.app.privateKey) => {
    const body = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const signature = createSign('RSA-SHA256').update(body.join('.')).sign(key, 'base64url');
    const headers = { authorization: `Bearer ${[...body, signature].join('.')}` };
    return (await fetch(`${play.github.url}/app`, { headers })).status;
  };
  const iss = String(play.app.appId);
  const stranger = play.github.addApp({
    slug: 'stranger',
    name: 'Stranger',
    webhookUrl: null,
    webhookSecret: '',
    permissions: {},
    events: [],
  });
  expect(await status({ iss, iat: now, exp: now + 300 })).toBe(200);
  expect(await status({ iss: play.app.clientId, iat: now, exp: now + 300 })).toBe(200);
  expect(await status({ iss, iat: now - 900, exp: now - 300 })).toBe(401);
  expect(await status({ iss, iat: now, exp: now + 3600 })).toBe(401);
  expect(await status({ iss, iat: now, exp: now + 300 }, stranger.privateKey)).toBe(401);
});

test('a job may do what its workflow declared and nothing else, until its token is revoked', async () => {
  await using play = await openPlayground();
  await (await play.clone('maya', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  const job = { runId: 1, jobId: 2 };
  const token = play.github.issueJobToken(play.repository, job, { contents: 'read', issues: 'write' });
  const octokit = play.withToken(token);
  expect((await octokit.rest.repos.getContent({ ...play.at, path: 'a.txt' })).status).toBe(200);
  const comment = await octokit.rest.issues.create({ ...play.at, title: 'From a job' });
  expect(comment.data.user?.login).toBe('github-actions[bot]');
  expect(play.events.at(-1)?.actor).toMatchObject({ kind: 'job', runId: 1, jobId: 2 });
  const refused = { status: 403, message: expect.stringContaining('Resource not accessible by integration') };
  await expect(octokit.rest.pulls.list(play.at)).rejects.toMatchObject(refused);
  await expect(octokit.rest.repos.createRelease({ ...play.at, tag_name: 'v1' })).rejects.toMatchObject(refused);
  await expect(octokit.rest.checks.listForRef({ ...play.at, ref: 'main' })).rejects.toMatchObject(refused);
  play.github.revokeToken(token);
  await expect(octokit.rest.issues.listForRepo(play.at)).rejects.toMatchObject({ status: 401 });
});

test('people are held to their role, over REST and over git', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const sha = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const ravi = play.as('ravi');
  const issue = await ravi.rest.issues.create({ ...play.at, title: 'Seen', labels: ['bug'] });
  expect(issue.data.labels).toEqual([]);
  const other = await play.as('maya').rest.issues.create({ ...play.at, title: 'Mine' });
  const close = { ...play.at, issue_number: other.data.number, state: 'closed' as const };
  await expect(ravi.rest.issues.update(close)).rejects.toMatchObject({ status: 403 });
  await expect(ravi.rest.git.createRef({ ...play.at, ref: 'refs/heads/x', sha })).rejects.toMatchObject({
    status: 403,
  });
  await expect(play.as('maya').rest.checks.create({ ...play.at, name: 'x', head_sha: sha })).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('You must authenticate via a GitHub App.'),
  });
  const protection = { ...play.at, branch: 'main' };
  await expect(play.as('maya').rest.repos.getBranchProtection(protection)).rejects.toMatchObject({ status: 403 });
  const reader = await play.clone('ravi', 'reader');
  await expect(reader.push('theirs', { 'b.txt': 'b\n' }, 'No')).rejects.toThrow(/403|denied/);
  const job = play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, { contents: 'read' });
  await clone.git('remote', 'set-url', 'origin', `${play.github.url.replace('//', `//x:${job}@`)}/acme/flight-delays`);
  await clone.git('fetch', '--quiet');
  await expect(clone.push('job', { 'b.txt': 'b\n' }, 'No')).rejects.toThrow(/403|denied/);
});
