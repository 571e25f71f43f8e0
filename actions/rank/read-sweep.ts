import {
  type SweepPlan,
  type SweepResult,
  sweepPlanSchema,
  sweepResultSchema,
  type Trial,
} from '../../pipelines/contracts/sweep.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { planRung } from '../../pipelines/sweeps/plan-rung.ts';
import { sweepPlanPath, sweepResultPath } from '../../pipelines/sweeps/sweep-paths.ts';
import { readRecord } from '../read-run-entries.ts';
import type { TrialsRun } from './parse-event.ts';

/**
 * The plan of a sweep and the trials of one rung of it, as the App recorded them; a run names its sweep itself, so it counts
 * only when it ran on the branch of the pull request that asked. Null otherwise.
 */
export async function readSweep(
  { id, rung, branch }: Pick<TrialsRun, 'id' | 'rung' | 'branch'>,
  ledger: Ledger,
): Promise<{ plan: SweepPlan; trials: Trial[] } | null> {
  const plan = await readRecord(ledger, sweepPlanPath(id), sweepPlanSchema);
  if (plan === null || plan.pull?.headRef !== branch) return null;
  const before: SweepResult[] = [];
  for (let earlier = 1; earlier < rung; earlier += 1) {
    const result = await readRecord(ledger, sweepResultPath(id, earlier), sweepResultSchema);
    if (result === null) return null;
    before.push(result);
  }
  const trials = planRung(plan, before);
  return trials.length === 0 ? null : { plan, trials };
}
