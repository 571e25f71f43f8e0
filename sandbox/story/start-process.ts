import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';

const readySchema = z.looseObject({ ready: z.literal(true), url: z.string().optional() });

export type StoryProcess = { name: string; pid: number; url: string; stop(): Promise<void> };

export type ProcessStart = {
  name: string;
  script: string;
  args: readonly string[];
  env: Record<string, string>;
  logFile: string;
  /** Longest wait for the line `{"ready":true}`, in milliseconds. */
  timeoutMs?: number;
};

/**
 * Starts a Node process with an IPC channel to this one, so that it ends with us even when we are killed, and waits
 * until it prints `{"ready":true,"url":...}`. Everything it prints goes to `logFile`.
 */
export async function startProcess({
  name,
  script,
  args,
  env,
  logFile,
  timeoutMs = 30_000,
}: ProcessStart): Promise<StoryProcess> {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stderr?.pipe(log, { end: false });
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString()}`.slice(-500);
  });
  const url = await waitUntilReady(
    child,
    { name, logFile, timeoutMs },
    {
      onLine: (line) => log.write(`${line}\n`),
      lastWords: () => lastWords.trim(),
    },
  );
  if (child.pid === undefined)
    throw new PulltrainError('process-failed', { what: `${name} did not start`, where: logFile });
  return { name, pid: child.pid, url, stop: () => stopProcess(child) };
}

type Waiting = { name: string; logFile: string; timeoutMs: number };
type Listening = { onLine: (line: string) => void; lastWords: () => string };

function waitUntilReady(child: ChildProcess, waiting: Waiting, { onLine, lastWords }: Listening): Promise<string> {
  const { name, logFile, timeoutMs } = waiting;
  const fault = (what: string, seen?: string, cause?: unknown) =>
    new PulltrainError('process-failed', {
      what: `${name} ${what}`,
      where: logFile,
      cause: cause ?? (lastWords() === '' ? undefined : lastWords()),
      ...(seen === undefined ? {} : { seen }),
    });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(fault(`was not ready after ${timeoutMs / 1000} s`));
    }, timeoutMs);
    child.once('error', (cause) => reject(fault('could not be started', undefined, cause)));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      reject(fault('ended before it was ready', `exit ${code ?? signal}`));
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line);
      const ready = readySchema.safeParse(parseLine(line));
      if (!ready.success) return;
      clearTimeout(timer);
      resolve(ready.data.url ?? '');
    });
  });
}

function parseLine(line: string): unknown {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
