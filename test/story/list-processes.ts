import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type FoundProcess = { pid: number; parent: number; command: string };

/** Every process of this machine that belongs to a story: its descendants, and whoever works in its folder. Linux only. */
export function listProcesses({ pid, directory }: { pid: number; directory: string }): FoundProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const found = lookAt(Number(name));
      return found === null ? [] : [found];
    });
  const family = new Set([pid]);
  // Parents may be listed behind their children.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  return all
    .filter((one) => family.has(one.pid) || one.traces.some((trace) => trace.includes(directory)))
    .map(({ traces: _, ...one }) => one);
}

/** Null for a process that has ended, also when nobody has asked about it yet, and for our own. */
function lookAt(pid: number): (FoundProcess & { traces: string[] }) | null {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ').trim();
  if (pid === process.pid) return null;
  try {
    const stat = read('stat');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return null;
    const command = read('cmdline');
    return {
      pid,
      parent: Number(parent),
      command,
      traces: [command, read('environ'), readlinkSync(`/proc/${pid}/cwd`)],
    };
  } catch {
    return null;
  }
}
