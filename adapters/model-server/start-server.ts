import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';

export type StartedServer = {
  url: string;
  /** Of the control routes; made for this server and known to nobody else. */
  token: string;
  /** Resolves when the process has ended by itself. */
  ended: Promise<void>;
  /** Lets it answer what it has begun, then ends it. */
  stop(): Promise<void>;
};

const readySchema = z.object({ ready: z.literal(true), url: z.url() });

/** The model server as a process beside this one, which ends when this one does. Throws `server-failed`. */
export async function startServer(options: {
  port: number;
  data: string;
  log: string;
  /** Address of the online store; none when left out. */
  online?: string;
}): Promise<StartedServer> {
  const token = randomBytes(32).toString('hex');
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
  const args = ['--port', String(options.port), '--data', options.data, '--log', options.log, '--parent-ipc'];
  if (options.online !== undefined) args.push('--online-store', options.online);
  const child = spawn(process.execPath, [main, ...args], {
    env: { PULLTRAIN_SERVER_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const url = await waitForUrl(child, ended);
  return {
    url,
    token,
    ended,
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

async function waitForUrl(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk) => said.push(String(chunk)));
  const line = child.stdout === null ? null : await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  const ready = readySchema.safeParse(readJson(line?.[0]));
  if (ready.success) return ready.data.url;
  child.kill();
  await ended;
  throw new PulltrainError('server-failed', {
    what: 'the model server did not start',
    seen: said.join('').trim().slice(0, 1000) || 'no word from it',
  });
}

function readJson(line: unknown): unknown {
  try {
    return JSON.parse(String(line));
  } catch {
    return null;
  }
}
