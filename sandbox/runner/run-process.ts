import { type ChildProcess, spawn } from 'node:child_process';
import { splitLines } from './split-lines.ts';

export type ProcessStart = {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** Stops the whole process group: interrupt, then terminate, then kill. */
  signal: AbortSignal;
  onLine(line: string): void;
  /** Told the process group, so that what outlives the process can be ended with the job. */
  onGroup(group: number): void;
};

/** GitHub's runner waits this long after an interrupt and after a terminate, in milliseconds. */
const graceMs = { interrupt: 7_500, terminate: 2_500 };
/** How long output of background processes is awaited after the process itself has ended. */
const drainMs = 500;

/** Runs a process in its own group and returns its exit code; one ended by a signal counts as 128 and more. */
export function runProcess({ command, args, cwd, env, signal, onLine, onGroup }: ProcessStart): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve(130);
      return;
    }
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = stopper(child);
    const flushes = [child.stdout, child.stderr].map((stream) => splitLines(stream, onLine));
    if (child.pid !== undefined) onGroup(child.pid);
    signal.addEventListener('abort', stop.begin, { once: true });
    child.once('error', (fault) => {
      stop.end();
      reject(fault);
    });
    child.once('exit', (code, ended) => {
      signal.removeEventListener('abort', stop.begin);
      stop.end();
      const finish = () => {
        clearTimeout(drain);
        for (const flush of flushes) flush();
        resolve(code ?? 128 + (ended === 'SIGKILL' ? 9 : ended === 'SIGTERM' ? 15 : 2));
      };
      const drain = setTimeout(finish, drainMs);
      child.once('close', finish);
    });
  });
}

/** Ends a process group; one that is gone already is fine. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nothing of the group is left.
  }
}

function stopper(child: ChildProcess): { begin(): void; end(): void } {
  const timers: NodeJS.Timeout[] = [];
  const send = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined) killGroup(child.pid, signal);
  };
  return {
    begin() {
      send('SIGINT');
      timers.push(setTimeout(() => send('SIGTERM'), graceMs.interrupt));
      timers.push(setTimeout(() => send('SIGKILL'), graceMs.interrupt + graceMs.terminate));
    },
    end() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
