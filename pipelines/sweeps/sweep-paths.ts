/** Name of a sweep that a comment on a pull request asked for. */
export function sweepId({ pull, comment }: { pull: number; comment: number }): string {
  return `${pull}-${comment}`;
}

/** Ledger folder of all sweeps of a pull request. */
export function sweepsFolder(pull: number): string {
  return `sweeps/${pull}`;
}

export function sweepPlanPath(id: string): string {
  return `sweeps/${id.replace('-', '/')}/plan.json`;
}

/** Ledger path of what became of one rung, counted from 1. */
export function sweepResultPath(id: string, rung: number): string {
  return `sweeps/${id.replace('-', '/')}/rung-${rung}.json`;
}

/** `run-name` of the workflow that trains the trials; a claim of whoever may push to the branch. */
export function parseSweepTitle(title: string): { id: string; rung: number } | null {
  const [, id, rung] = /^Sweep ([1-9]\d{0,9}-[1-9]\d{0,19}) rung ([1-9]\d?)$/.exec(title) ?? [];
  return id === undefined || rung === undefined ? null : { id, rung: Number(rung) };
}
