import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { openLog } from '../../bot/open-log.ts';
import { type RunningBot, startBot } from '../../bot/start-bot.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/fake-github.ts';

export const secret = 'a webhook secret of forty characters, ok';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

export type Harness = {
  github: FakeGitHub;
  bot: RunningBot;
  /** Lines the bot has logged. */
  log: string[];
  setNow(now: string): void;
  /** Sends a signed delivery, as GitHub does, and waits until it is worked off. */
  deliver(name: string, payload: unknown, options?: { id?: string }): Promise<Response>;
  send(body: string, headers: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

/** The real bot over real HTTP, in front of a small GitHub in memory. */
export async function startHarness(): Promise<Harness> {
  const github = await startFakeGitHub();
  const log: string[] = [];
  let now = new Date('2026-11-21T12:00:00Z');
  const settings = { appId: 77, privateKey, secret, port: 0, host: '127.0.0.1', apiUrl: github.url };
  const bot = await startBot(
    settings,
    { now: () => now },
    openLog(
      (line) => void log.push(line),
      () => now,
      [secret, privateKey],
    ),
  );
  const send = (body: string, headers: Record<string, string>) => fetch(bot.url, { method: 'POST', body, headers });
  return {
    github,
    bot,
    log,
    setNow: (time) => {
      now = new Date(time);
    },
    send,
    async deliver(name, payload, { id = randomUUID() } = {}) {
      const body = JSON.stringify(payload);
      const response = await send(body, { ...eventHeaders(name, id), 'x-hub-signature-256': sign(body) });
      await bot.idle();
      return response;
    },
    async close() {
      await bot.close();
      await github.close();
    },
  };
}

export function sign(body: string, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

export function eventHeaders(name: string, id: string): Record<string, string> {
  return { 'content-type': 'application/json', 'x-github-event': name, 'x-github-delivery': id };
}

/** The part that every payload has. */
const common = {
  installation: { id: 5 },
  sender: { login: 'maya' },
  repository: { id: 42, name: 'flight-delays', owner: { login: 'acme' }, default_branch: 'main' },
};

export function pullRequestPayload(action: string, { number = 2, sha = 'a'.repeat(40), base = 'main' } = {}) {
  return { ...common, action, pull_request: { number, head: { sha }, base: { ref: base } } };
}

export function runPayload(workflow: string, run: Record<string, unknown> = {}) {
  return {
    ...common,
    action: 'completed',
    workflow_run: {
      id: 900,
      path: `.github/workflows/${workflow}.yml`,
      event: { judge: 'workflow_run', promote: 'push' }[workflow] ?? 'schedule',
      head_branch: 'main',
      head_sha: 'f'.repeat(40),
      head_repository: { id: 42 },
      conclusion: 'success',
      html_url: 'https://github.test/acme/flight-delays/actions/runs/900',
      display_title: 'Judge 12',
      ...run,
    },
  };
}

export function commentPayload(body: string, options: Record<string, unknown> = {}) {
  const { issue = {}, user = { login: 'maya', type: 'User' }, id = 55, action = 'created', ...comment } = options;
  return {
    ...common,
    action,
    issue: { number: 1, body: '', user: { login: 'maya' }, ...(typeof issue === 'object' ? issue : {}) },
    comment: { id, body, user, performed_via_github_app: null, ...comment },
  };
}

/** An artifact with one JSON document. */
export function artifactWith(file: string, document: unknown): Uint8Array {
  return zipSync({ [file]: strToU8(typeof document === 'string' ? document : JSON.stringify(document)) });
}

/** A `pulltrain.yml` with one model that may be retrained. */
export const config = `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date }
    metrics: { primary: roc_auc }
    retrain:
      on: [command]
      cooldown: 7d
      snapshot: { parameter: data.snapshot, data: data/flights-*.parquet }
      window: { months: 4, from: train.from, to: train.to }
`;
