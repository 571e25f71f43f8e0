import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/**
 * Whether a process holds a file below `folder` open for writing, as Linux tells of the processes of this user; null where
 * the system does not tell.
 */
export async function isBeingWritten(folder: string): Promise<boolean | null> {
  const root = `${await realpath(folder)}${sep}`;
  const processes = await readdir('/proc').catch(() => null);
  if (processes === null) return null;
  for (const process of processes) {
    if (!/^\d+$/.test(process)) continue;
    const open = await readdir(`/proc/${process}/fd`).catch(() => []);
    for (const number of open) {
      const target = await readlink(`/proc/${process}/fd/${number}`).catch(() => '');
      if (target.startsWith(root) && (await opensForWriting(process, number))) return true;
    }
  }
  return false;
}

/** The last two bits of the octal `flags`: 0 reads, 1 writes, 2 does both. */
async function opensForWriting(process: string, number: string): Promise<boolean> {
  const info = await readFile(`/proc/${process}/fdinfo/${number}`, 'utf8').catch(() => '');
  return Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8) % 4 !== 0;
}
