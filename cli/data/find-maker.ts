import { listLocalRuns } from '../../adapters/runs/list-local-runs.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';

/**
 * The stage of a run on this machine that wrote exactly these bytes to this path, the newest such run. A run without a key
 * of its own is named by the stage's; null where no run is known to have written them.
 */
export async function findMaker(
  root: string,
  path: string,
  integrity: string,
  note: (line: string) => void,
): Promise<Pointer['madeBy'] | null> {
  const runs = await listLocalRuns(root, note);
  const makers = runs.flatMap((run) => makersIn(run, path, integrity));
  makers.sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1));
  return makers[0]?.madeBy ?? null;
}

function makersIn({ record }: KnownRun, path: string, integrity: string) {
  return record.stages.flatMap(({ name, key, outputs = [] }) => {
    const run = record.key ?? key;
    const wrote = outputs.some((output) => output.path === path && output.integrity === integrity);
    return wrote && run !== null ? [{ startedAt: record.startedAt, madeBy: { run, stage: name } }] : [];
  });
}
