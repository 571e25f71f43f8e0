import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * Makes an empty directory for one story. What an earlier story left, finished or killed, is removed; one that still
 * runs is an error. Returns what gives the directory back.
 */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const claim = join(directory, 'pid');
  const owner = await readFile(claim, 'utf8').then(Number, () => null);
  if (owner !== null && owner !== process.pid && isAlive(owner)) {
    throw new PulltrainError('story-running', {
      what: `a story is running already (process ${owner})`,
      where: directory,
      cure: 'Stop it with Ctrl-C, then run npm start again.',
    });
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  await mkdir(directory, { recursive: true });
  await writeFile(claim, String(process.pid));
  return () => rm(claim, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
