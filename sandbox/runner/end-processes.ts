import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { killGroup } from './run-process.ts';
import { trackingId } from './step-environment.ts';

const maxRounds = 100;

/** Ends what outlived the steps of a job: their process groups, then whatever left its group but carries the mark. */
export async function endProcesses(groups: Set<number>, work: string): Promise<void> {
  for (const group of groups) killGroup(group, 'SIGKILL');
  groups.clear();
  await endMarkedProcesses(work);
}

/** Ends every process that a job of this work folder left behind, also one of a runner that was killed. Linux only. */
export async function endMarkedProcesses(work: string): Promise<void> {
  if (process.platform !== 'linux') return;
  // Again until none is found: one may just be starting another, and a killed one takes its time.
  for (let round = 0; round < maxRounds; round++) {
    const found = await findMarked(`RUNNER_TRACKING_ID=${trackingId(work)}`);
    if (found.length === 0) return;
    for (const id of found) killProcess(id);
    await delay(20);
  }
}

/**
 * Ends everything that descends from this process, whatever group, session or environment it has given itself. Linux only;
 * elsewhere the groups of the steps are what is known.
 */
export function endDescendants(): void {
  if (process.platform !== 'linux') return;
  const parents = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [readParent(name)] : [])));
  const descends = (id: number): boolean => {
    const parent = parents.get(id) ?? 0;
    return parent === process.pid || (parent > 1 && descends(parent));
  };
  for (const id of [...parents.keys()].filter(descends)) killProcess(id);
}

/** A process and its parent, 0 when it has ended in the meantime. */
function readParent(id: string): [number, number] {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name in parentheses may contain anything; behind it come the state and the parent.
    return [Number(id), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
  } catch {
    return [Number(id), 0];
  }
}

async function findMarked(mark: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const environments = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')));
  return ids.filter((_, index) => environments[index]?.split('\0').includes(mark)).map(Number);
}

function killProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
