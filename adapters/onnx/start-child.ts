import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ChildStart } from './child-protocol.ts';
import { type Enclosure, enclose } from './enclosure.ts';
import { limitTime, type TimeLimits } from './limit-time.ts';
import { openProcessMemory } from './process-memory.ts';

/** `time` counts for loading the file, and again for every sign of progress while it answers; `total` for one answer. */
export type ChildLimits = TimeLimits & {
  /** Bytes of resident memory, watched where /proc tells; the JavaScript heap is held to a quarter of it everywhere. */
  memory: number;
};

export type RunningChild = {
  stdin: Writable;
  stdout: Readable;
  /** Settles when the process is gone; rejects with why it was killed or how it crashed. */
  ended: Promise<void>;
  /** Begins to count the time of an answer, tells of progress in it, and ends it; loading is counted from the start. */
  startTime(): void;
  renewTime(): void;
  stopTime(): void;
  /** Most bytes that the process and all that descends from it have held; null where the system does not tell. */
  peakMemory(): Promise<number | null>;
  kill(): void;
};

/**
 * Starts the scoring process for an open model file: empty environment, own process group, as closed in as told, killed
 * whole at the first limit it reaches.
 */
export function startChild(start: ChildStart, model: number, limits: ChildLimits, enclosure: Enclosure): RunningChild {
  const heap = Math.max(64, Math.floor(limits.memory / 2 ** 22));
  const command = [process.execPath, `--max-old-space-size=${heap}`, childScript(), JSON.stringify(start)];
  const root = mkdtempSync(join(tmpdir(), 'pulltrain-enclosure-'));
  const [file = '', ...rest] = limitData(enclose(enclosure, command, root, devicesOf(start)), start, limits.memory);
  const child = spawn(file, rest, { env: {}, detached: true, cwd: '/', stdio: ['pipe', 'pipe', 'pipe', model] });
  child.once('close', () => rmSync(root, { recursive: true, force: true }));
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('the child was started without pipes');
  // Writing to a child that is gone is reported by `ended`.
  stdin.on('error', () => {});
  const kill = () => killGroup(child.pid);
  return { stdin, stdout, ...watch(child, stderr, limits), kill };
}

/** Room that the runtime may ask for beyond what it uses: memory is looked at now and then, the kernel always looks. */
const slack = 2 ** 30;

/** The same command under a limit of the kernel on memory that can be written, so that no single call can take it all. */
function limitData(command: readonly string[], { provider }: ChildStart, memory: number): string[] {
  // A driver reserves far more than it uses.
  if (process.platform !== 'linux' || provider === 'cuda') return [...command];
  const kilobytes = Math.ceil((memory + slack) / 1024);
  return ['/bin/sh', '-c', 'ulimit -d "$0" && exec "$@"', String(kilobytes), ...command];
}

/** Files of the driver that the child needs to see. */
function devicesOf({ provider }: ChildStart): string[] {
  if (provider === 'cpu' || !existsSync('/dev')) return [];
  return readdirSync('/dev').flatMap((name) => (name.startsWith('nvidia') ? [`/dev/${name}`] : []));
}

/** Bundled, the child lies beside the action; from source, beside this file. */
function childScript(): string {
  const script = import.meta.url.endsWith('.cjs') ? './score-child.cjs' : './score-child.ts';
  return fileURLToPath(new URL(script, import.meta.url));
}

function watch(
  child: ChildProcess,
  stderr: Readable,
  limits: ChildLimits,
): Omit<RunningChild, 'stdin' | 'stdout' | 'kill'> {
  const memory = openProcessMemory(child.pid);
  let killed: PulltrainError | null = null;
  let complaint = '';
  const stop = (reason: PulltrainError) => {
    killed ??= reason;
    killGroup(child.pid);
  };
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, 2000);
  });
  const timer = limitTime(limits, (allowed) => {
    stop(
      new PulltrainError('model-timeout', {
        what: 'the model took too long',
        allowed: `${Math.round(allowed / 1000)} s`,
      }),
    );
  });
  const ticker = setInterval(async () => {
    const resident = await memory('VmRSS');
    if (resident > limits.memory) {
      stop(
        new PulltrainError('model-memory', {
          what: 'the model needs too much memory to score',
          seen: `${Math.round(resident / 2 ** 20)} MiB`,
          allowed: `${Math.round(limits.memory / 2 ** 20)} MiB`,
        }),
      );
    }
  }, 100);
  const ended = new Promise<void>((resolve, reject) => {
    const settle = (crash: PulltrainError | null) => {
      timer.stopTime();
      clearInterval(ticker);
      killGroup(child.pid);
      const reason = killed ?? crash;
      if (reason === null) resolve();
      else reject(reason);
    };
    child.on('error', (cause) => {
      settle(new PulltrainError('model-crashed', { what: 'the scoring process cannot start', cause }));
    });
    child.on('close', (code, signal) => {
      const seen = `${signal ?? `exit code ${code}`}${complaint === '' ? '' : `: ${complaint.trim().slice(0, 500)}`}`;
      settle(code === 0 ? null : new PulltrainError('model-crashed', { what: 'the scoring process crashed', seen }));
    });
  });
  const peakMemory = async () => (await memory('VmHWM')) || null;
  return { ended, ...timer, peakMemory };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
