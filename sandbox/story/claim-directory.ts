import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * Makes an empty directory for one story. What an earlier story left, finished or killed, is removed; one that still
 * runs is an error. Returns what gives the directory back.
 */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const claim = join(directory, 'pid');
  const owner = await readOwner(claim);
  if (owner !== null && owner.pid !== process.pid && isAlive(owner.pid) && (await startOf(owner.pid)) === owner.start) {
    throw new PulltrainError('story-running', {
      what: `a story is running already (process ${owner.pid})`,
      where: directory,
      cure: 'Stop it with Ctrl-C and run npm start again, or give this one a name of its own: npm start -- --name second --port 0',
    });
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  await mkdir(directory, { recursive: true });
  await writeFile(claim, `${process.pid} ${await startOf(process.pid)}\n`);
  return () => rm(claim, { force: true });
}

/** Null when nobody claimed the directory, or was killed while claiming it. */
async function readOwner(claim: string): Promise<{ pid: number; start: string } | null> {
  const text = await readFile(claim, 'utf8').catch(() => '');
  const [, pid, start] = /^([1-9]\d*) (\S+)\n$/.exec(text) ?? [];
  return pid === undefined || start === undefined ? null : { pid: Number(pid), start };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // Somebody else's process is alive too.
    return fault instanceof Error && 'code' in fault && fault.code === 'EPERM';
  }
}

/**
 * When a process started, in clock ticks since the machine did: numbers of processes are used again, and a story that was
 * killed must not be taken for whoever has its number now. 'ended' for one that only waits to be buried, 'unknown' where
 * the system does not tell.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may contain anything. Behind it: the third field is the state, the 22nd the start.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? 'ended' : (fields[18] ?? 'unknown');
}
