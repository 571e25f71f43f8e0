import type { SweepPlan, Trial } from '../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { PlannedAction } from '../pipelines/publication/planned-action.ts';

/** Characters that the inputs of a dispatch may have together, a little below GitHub's 65,535. */
const longest = 60_000;

/** Starts the workflow that trains one rung of a sweep, a job for each trial. Throws `sweep-too-large`. */
export function sweepDispatch(
  { id, rung }: { id: string; rung: number },
  plan: SweepPlan,
  trials: readonly Trial[],
): PlannedAction {
  const inputs = {
    sweep: id,
    rung: String(rung),
    model: plan.model,
    commit: plan.commit,
    trials: JSON.stringify(trials),
  };
  if (inputs.trials.length > longest) {
    throw new PulltrainError('sweep-too-large', {
      what: 'the trials do not fit into what GitHub hands to a workflow',
      where: 'sweep',
      seen: `${inputs.trials.length} characters`,
      allowed: `${longest} at most`,
      cure: 'Give fewer or shorter values.',
    });
  }
  return { do: 'dispatch', workflow: 'sweep.yml', branch: plan.pull?.headRef ?? '', inputs };
}
