import { readdir, readFile } from 'node:fs/promises';
import { killGroup } from './run-process.ts';
import { trackingId } from './step-environment.ts';

/** Ends what outlived the steps of a job: their process groups, then whatever left its group but carries the mark. */
export async function endProcesses(groups: Set<number>, work: string): Promise<void> {
  for (const group of groups) killGroup(group, 'SIGKILL');
  groups.clear();
  await endMarkedProcesses(work);
}

/** Ends every process that a job of this work folder left behind, also one of a runner that was killed. Linux only. */
export async function endMarkedProcesses(work: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const mark = `RUNNER_TRACKING_ID=${trackingId(work)}`;
  const names = await readdir('/proc');
  await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(async (name) => {
        const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
        if (environment.split('\0').includes(mark)) killProcess(Number(name));
      }),
  );
}

function killProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
