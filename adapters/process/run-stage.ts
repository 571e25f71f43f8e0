import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { StageOutcome } from '../../pipelines/training/training-ports.ts';
import { openLog } from './open-log.ts';
import { readGroupMemory } from './read-group-memory.ts';

export type StageProcess = {
  /** Shell commands, run one after the other until one fails. */
  commands: readonly string[];
  /** Absolute. */
  directory: string;
  /** The whole environment of the commands; see `stageEnvironment`. */
  environment: Readonly<Record<string, string>>;
  logFile: string;
  /** All commands together. */
  seconds: number;
  onLine(line: string): void;
  signal?: AbortSignal;
  /** Ends the commands as `signal` does, but what they come to is then the outcome and not a cancelled run. */
  end?: AbortSignal;
};

/** Milliseconds between asking a group to end and ending it. */
const grace = 5000;
const sampleEvery = 500;
/**
 * A stage must not outlive us: it would go on writing its outputs beside the next run of it. The far end of descriptor 3 is
 * held by this process alone; when it closes, however we ended, the watcher ends the group.
 */
const guard = [
  '{ read -r _ <&3; kill -TERM -- -$$; sleep 5; kill -KILL -- -$$; } >/dev/null 2>&1 </dev/null 3<&3 &',
  'exec 3<&-',
  'exec bash --noprofile --norc -c "$1"',
].join('\n');
/** Node fires timers beyond this at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs the commands of one stage with bash, in a process group of their own that has ended, to the last process, when
 * this returns. Lines go to the log and to `onLine` as they come. Throws `cancelled` when `signal` fires, `shell-missing`.
 */
export async function runStage(stage: StageProcess): Promise<StageOutcome> {
  mkdirSync(dirname(stage.logFile), { recursive: true });
  mkdirSync(stage.directory, { recursive: true });
  const log = openLog(stage.logFile, stage.onLine);
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  let peak: number | null = null;
  let exitCode: number | null = 0;
  let timedOut = false;
  try {
    for (const command of stage.commands) {
      const left = stage.seconds - elapsed();
      timedOut = left <= 0;
      if (timedOut) break;
      const ended = await runCommand(command, stage, left, log.take);
      peak = largest(peak, ended.peak);
      exitCode = ended.exitCode;
      timedOut = ended.timedOut;
      if (exitCode !== 0 || timedOut || stage.end?.aborted) break;
    }
  } finally {
    await log.close();
  }
  if (stage.signal?.aborted) throw new PulltrainError('cancelled', { what: 'the run was cancelled' });
  return {
    exitCode: timedOut ? null : exitCode,
    timedOut,
    seconds: elapsed(),
    peakMemoryBytes: peak,
    lastLines: log.lastLines(),
  };
}

type Ended = { exitCode: number | null; timedOut: boolean; peak: number | null };

async function runCommand(
  command: string,
  stage: StageProcess,
  seconds: number,
  take: (source: 'out' | 'err', chunk: Buffer) => void,
): Promise<Ended> {
  const child = spawn('bash', ['--noprofile', '--norc', '-c', guard, 'bash', command], {
    cwd: stage.directory,
    env: { ...stage.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A session of its own: the whole group can be ended, and a Ctrl-C of the terminal reaches only us.
    detached: true,
  });
  child.stdout?.on('data', (chunk: Buffer) => take('out', chunk));
  child.stderr?.on('data', (chunk: Buffer) => take('err', chunk));
  const exited = exitOf(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  let peak: number | null = null;
  const sampler = setInterval(() => {
    if (child.pid !== undefined) peak = largest(peak, readGroupMemory(child.pid));
  }, sampleEvery);
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      void endGroup(child);
    },
    Math.min(seconds * 1000, longestTimer),
  );
  const cancel = () => void endGroup(child);
  for (const signal of [stage.signal, stage.end]) {
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
  }
  try {
    const exitCode = await exited;
    // Whatever the command left running in the background goes with it, and lets go of the pipes.
    signalGroup(child, 'SIGKILL');
    await Promise.race([closed, delay(2000, undefined, { ref: false })]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.stdio[3]?.destroy();
    return { exitCode, timedOut, peak };
  } finally {
    clearInterval(sampler);
    clearTimeout(timer);
    for (const signal of [stage.signal, stage.end]) signal?.removeEventListener('abort', cancel);
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', (cause) =>
      reject(
        new PulltrainError('shell-missing', {
          what: 'bash could not be started',
          cure: 'Install bash and put it on the PATH.',
          cause,
        }),
      ),
    );
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await delay(grace, undefined, { ref: false });
  if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function largest(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (left ?? right) : Math.max(left, right);
}
