import { type ChildProcess, fork, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../bot/read-environment.ts';

const entry = fileURLToPath(new URL('../../bot/main.ts', import.meta.url));
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const good = {
  APP_ID: '7',
  PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
  WEBHOOK_SECRET: 's'.repeat(32),
  PORT: '0',
  GITHUB_API_URL: 'http://127.0.0.1:9/api/v3/',
};

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function started<Child extends ChildProcess>(child: Child): Child {
  children.push(child);
  return child;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const [line] = await once(child.stdout ?? child, 'data');
  const ready = JSON.parse(String(line));
  expect(ready).toEqual({
    ready: true,
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/github\/webhooks$/),
  });
  return ready.url;
}

describe('the environment of the bot', () => {
  it('is read into settings', () => {
    expect(readEnvironment(good)).toEqual({
      appId: 7,
      privateKey,
      secret: 's'.repeat(32),
      port: 0,
      host: '127.0.0.1',
      apiUrl: 'http://127.0.0.1:9/api/v3',
    });
  });

  it('without a single variable has every fault named at once', () => {
    expect(() => readEnvironment({})).toThrow(/APP_ID.*PRIVATE_KEY.*WEBHOOK_SECRET/);
  });

  it.each([
    ['development', 'everybody knows'],
    ['s'.repeat(31), 'too short'],
    ['   ', 'missing'],
  ])('refuses the secret "%s"', (secret, reason) => {
    expect(() => readEnvironment({ ...good, WEBHOOK_SECRET: secret })).toThrow(reason);
  });

  it.each([
    ['APP_ID', 'seven'],
    ['PRIVATE_KEY', 'key'],
    ['PORT', '99999'],
    ['GITHUB_API_URL', 'ftp://github.test'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readEnvironment({ ...good, [name]: value })).toThrow(name);
  });
});

describe('the process of the bot', () => {
  it('refuses to start without a secret, in one sentence', async () => {
    const env = { ...good, WEBHOOK_SECRET: '' };
    const child = started(spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^pulltrain bot: .*WEBHOOK_SECRET is missing.*\n$/);
  });

  it('says when it is ready, and ends on SIGTERM', async () => {
    const child = started(spawn(process.execPath, [entry], { env: good, stdio: ['ignore', 'pipe', 'pipe'] }));
    const url = await readyUrl(child);
    expect((await fetch(url, { method: 'POST' })).status).toBe(415);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends when the process that forked it is gone', async () => {
    const child = started(fork(entry, { env: good, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));
    await readyUrl(child);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
