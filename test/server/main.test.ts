import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { predictionSchema } from '../../pipelines/contracts/prediction.ts';
import { temporaryDirectory } from '../fixtures/git-repository.ts';
import { modelOf, token } from './open-test-server.ts';

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(
  folder: string,
  args: readonly string[] = [],
  env: Record<string, string> = { PULLTRAIN_SERVER_TOKEN: token },
) {
  const all = [main, '--port', '0', '--data', join(folder, 'd'), '--log', join(folder, 'l'), ...args];
  const child = spawn(process.execPath, all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return { child, ...listen(child) };
}

function listen(child: ChildProcess) {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text) => (out += text));
  child.stderr?.on('data', (text) => (err += text));
  const ready = new Promise<string>((resolve) =>
    child.stdout?.on('data', () => {
      if (out.includes('\n')) resolve(JSON.parse(out).url);
    }),
  );
  return { ready, ended: once(child, 'close').then(([code]) => ({ code, out, err })) };
}

test('says where it listens, answers, and drains on SIGTERM', async () => {
  using folder = temporaryDirectory();
  const { child, ready, ended } = start(folder.path, ['--name', 'production']);
  expect(await (await fetch(`${await ready}/v2`)).json()).toMatchObject({ name: 'production' });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('ends when its parent is gone', async () => {
  using folder = temporaryDirectory();
  const args = [main, '--port', '0', '--data', join(folder.path, 'd'), '--log', join(folder.path, 'l'), '--parent-ipc'];
  const child = spawn(process.execPath, args, {
    env: { PULLTRAIN_SERVER_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  started.push(child);
  const ended = once(child, 'exit');
  await listen(child).ready;
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['no token', [], {}, /environment variable PULLTRAIN_SERVER_TOKEN is not set/],
  ['a short token', [], { PULLTRAIN_SERVER_TOKEN: 'short' }, /too short \(got 5 characters; allowed: 32 at least\)/],
  ['an impossible port', ['--port', '70000'], { PULLTRAIN_SERVER_TOKEN: token }, /--port cannot be 70000/],
  ['an unknown option', ['--colour'], { PULLTRAIN_SERVER_TOKEN: token }, /--colour/],
  ['no parent', ['--parent-ipc'], { PULLTRAIN_SERVER_TOKEN: token }, /needs a parent/],
])('with %s it ends with a sentence', async (_, args, env, sentence) => {
  using folder = temporaryDirectory();
  const { code, out, err } = await start(folder.path, args, env).ended;
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(sentence);
  expect(err).not.toMatch(/ {4}at /);
});

test('a port that is taken is said so', async () => {
  using folder = temporaryDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const { code, err } = await start(folder.path, ['--port', port]).ended;
  other.close();
  expect(code).toBe(1);
  expect(err).toBe(`model server: port ${port} is taken. Choose another one with --port.\n`);
});

test('killed in the middle of its work it starts again, serves the same, and no line of its log is torn', async () => {
  using folder = temporaryDirectory();
  const first = start(folder.path);
  const url = await first.ready;
  const bytes = modelOf(1);
  const headers = { authorization: `Bearer ${token}` };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await fetch(`${url}/pulltrain/models/m/versions/1.0.0`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream', 'x-pulltrain-sha256': sha256 },
    body: Buffer.from(bytes),
  });
  const json = { ...headers, 'content-type': 'application/json' };
  const traffic = JSON.stringify({ stable: '1.0.0' });
  expect(
    (await fetch(`${url}/pulltrain/models/m/traffic`, { method: 'PUT', headers: json, body: traffic })).status,
  ).toBe(200);
  const infer = (address: string) =>
    fetch(`${address}/v2/models/m/infer`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [500], data: Array(500).fill(1) }] }),
    });
  const asking = (async () => {
    for (;;) await (await infer(url)).arrayBuffer();
  })().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 600));
  first.child.kill('SIGKILL');
  await asking;

  const second = start(folder.path);
  const again = await second.ready;
  expect((await infer(again)).status).toBe(200);
  second.child.kill('SIGTERM');
  expect(await second.ended).toMatchObject({ code: 0 });
  const log = join(folder.path, 'l', 'm');
  const lines = readdirSync(log).flatMap((file) => readFileSync(join(log, file), 'utf8').trimEnd().split('\n'));
  expect(lines.length).toBeGreaterThanOrEqual(1000);
  for (const line of lines) expect(predictionSchema.safeParse(JSON.parse(line)).success).toBe(true);
});
