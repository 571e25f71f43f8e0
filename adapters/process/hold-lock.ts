import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * Keeps other processes of this machine from doing the same in the same place, until it is disposed of. A lock whose process
 * has ended, however it did, holds nobody up. Throws `busy` with the process that holds it.
 */
export async function holdLock(file: string, what: string): Promise<AsyncDisposable> {
  await mkdir(dirname(file), { recursive: true });
  const own = `${process.pid} ${await startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await create(file, own)) return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    const [pid = '', ...started] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
    const since = started.join(' ');
    if (pid !== '' && (await startOf(Number(pid))) === since && since !== '') {
      throw new PulltrainError('busy', {
        what: `${what} is going on in process ${pid}`,
        where: dirname(dirname(file)),
        cure: 'Wait for it, end it, or work in another checkout (git worktree add)',
      });
    }
    await rm(file, { force: true });
  }
  throw new PulltrainError('busy', { what: `${what} is being started by several processes`, where: file });
}

/** By a link, so that nobody sees a lock without the name of its holder; false when there is one. */
async function create(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, text);
    await link(draft, file);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

/** When a process began, in the system's own words, '' for none: a number alone may be another process by now. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch {
    return '';
  }
}
