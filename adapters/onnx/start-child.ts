import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ChildRequest } from './child-protocol.ts';

export type ChildLimits = {
  /** Milliseconds to load the file, and again to score. */
  time: number;
  /** Bytes of resident memory, watched where /proc tells; the JavaScript heap is held to a quarter of it everywhere. */
  memory: number;
};

export type RunningChild = {
  stdin: Writable;
  stdout: Readable;
  /** Settles when the process is gone; rejects with why it was killed or how it crashed. */
  ended: Promise<void>;
  /** Counts the time anew, for the work that begins now. */
  renewTime(): void;
  kill(): void;
};

const unshare = '/usr/bin/unshare';

/** Whether a process here may be put into a network namespace of its own, which has no network. */
export async function canTakeNetworkAway(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return promisify(execFile)(unshare, ['-rn', process.execPath, '--version'], { env: {}, timeout: 2000 }).then(
    () => true,
    () => false,
  );
}

/** Starts the scoring process: empty environment, own process group, killed whole at the first limit it reaches. */
export function startChild(request: ChildRequest, limits: ChildLimits, withoutNetwork: boolean): RunningChild {
  const heap = Math.max(64, Math.floor(limits.memory / 2 ** 22));
  const command = [process.execPath, `--max-old-space-size=${heap}`, childScript(), JSON.stringify(request)];
  const [file = '', ...rest] = withoutNetwork ? [unshare, '-rn', ...command] : command;
  const child = spawn(file, rest, { env: {}, detached: true, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  // Writing to a child that is gone is reported by `ended`.
  child.stdin.on('error', () => {});
  return { stdin: child.stdin, stdout: child.stdout, ...watch(child, limits), kill: () => killGroup(child.pid) };
}

/** Bundled, the child lies beside the action; from source, beside this file. */
function childScript(): string {
  const script = import.meta.url.endsWith('.cjs') ? './score-child.cjs' : './score-child.ts';
  return fileURLToPath(new URL(script, import.meta.url));
}

function watch(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  limits: ChildLimits,
): Pick<RunningChild, 'ended' | 'renewTime'> {
  let killed: PulltrainError | null = null;
  let complaint = '';
  const stop = (reason: PulltrainError) => {
    killed ??= reason;
    killGroup(child.pid);
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, 2000);
  });
  const timer = setTimeout(() => {
    stop(
      new PulltrainError('model-timeout', {
        what: 'the model took too long to score',
        allowed: `${Math.round(limits.time / 1000)} s`,
      }),
    );
  }, limits.time);
  const ticker = setInterval(async () => {
    const resident = await residentBytes(child.pid);
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
      clearTimeout(timer);
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
  return { ended, renewTime: () => timer.refresh() };
}

async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
