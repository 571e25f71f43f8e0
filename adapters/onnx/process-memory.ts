import { readdir, readFile } from 'node:fs/promises';

/** How often the memory is looked at before it is looked again which processes there are. */
const looksPerSearch = 10;

/**
 * Bytes that a process and all that descends from it hold (`VmRSS`), or have held at most (`VmHWM`): in an enclosure the one
 * that scores is not the one that was started. 0 where the system does not tell. New processes are found within ten looks.
 */
export function openProcessMemory(pid: number | undefined): (field: 'VmRSS' | 'VmHWM') => Promise<number> {
  let known: number[] = [];
  let looks = 0;
  return async (field) => {
    if (looks % looksPerSearch === 0 || known.length < 2) known = await treeOf(pid);
    looks += 1;
    const sizes = await Promise.all(known.map((one) => readSize(one, field)));
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
}

async function readSize(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}

/** A process and all that descends from it. */
async function treeOf(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return [];
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}
