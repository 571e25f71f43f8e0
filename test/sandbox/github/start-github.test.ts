import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitHub } from '../../../sandbox/github/start-github.ts';
import { openPlayground } from './open-playground.ts';

async function temporary() {
  const path = await mkdtemp(join(tmpdir(), 'pulltrain-github-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('a port in use is named', async () => {
  await using directory = await temporary();
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  await expect(startGitHub({ directory: directory.path, port })).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(String(port)),
  });
  other.close();
});

/** Command lines of this process's children. */
async function childCommands(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (id: string, file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '');
  const children = await Promise.all(
    ids.map(async (id) => {
      const parent = /^PPid:\s+(\d+)$/m.exec(await read(id, 'status'))?.[1];
      return parent === String(process.pid) ? [(await read(id, 'cmdline')).replaceAll('\0', ' ')] : [];
    }),
  );
  return children.flat().filter((line) => line.includes('cat-file'));
}

test.runIf(existsSync('/proc/self/status'))('nothing is left running after close', async () => {
  const play = await openPlayground();
  await (await play.clone('maya', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  await play.as('maya').rest.repos.getCommit({ ...play.at, ref: 'main' });
  expect(await childCommands()).toHaveLength(1);
  await play[Symbol.asyncDispose]();
  await expect.poll(childCommands, { timeout: 2000 }).toEqual([]);
  await expect(fetch(play.github.url)).rejects.toThrow();
});

test('every request is told, by route and by who made it', async () => {
  await using play = await openPlayground();
  play.requests.length = 0;
  const issue = await play.as('maya').rest.issues.create({ ...play.at, title: 'x' });
  await fetch(`${play.github.url}/repos/acme/flight-delays/issues/${issue.data.number}`);
  expect(play.requests).toMatchObject([
    { method: 'POST', route: '/repos/{owner}/{repo}/issues', actor: 'user', login: 'maya', status: 201 },
    { method: 'GET', route: '/repos/{owner}/{repo}/issues/{issue_number}', actor: 'anonymous', status: 200 },
  ]);
});

test('a job has a thousand requests an hour, and an hour later again', async () => {
  await using directory = await temporary();
  let now = Date.parse('2026-06-01T10:00:00Z');
  const github = await startGitHub({ directory: directory.path, now: () => new Date(now) });
  const { token } = github.addUser({ login: 'maya', name: 'Maya' });
  const send = (auth: string, path: string, body?: object) =>
    fetch(`${github.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${auth}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await send(token, '/user/repos', { name: 'own' });
  const job = github.issueJobToken({ owner: 'maya', name: 'own' }, { runId: 1, jobId: 1 }, {});
  for (let batch = 0; batch < 10; batch += 1) {
    await Promise.all(Array.from({ length: 100 }, () => send(job, '/rate_limit')));
  }
  const refused = await send(job, '/repos/maya/own');
  expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  now += 3_601_000;
  expect((await send(job, '/repos/maya/own')).status).toBe(200);
  await github.close();
});
