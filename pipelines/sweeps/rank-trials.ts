import type { RankedTrial, SweepPlan, SweepResult } from '../contracts/sweep.ts';
import { integrityOfDocument } from '../integrity.ts';
import { countRungs } from './plan-rung.ts';

/** `reportedAs` is the name under which the training program told its value. */
export type TrialOutcome = Omit<RankedTrial, 'rank'> & { reportedAs?: string };

/**
 * Orders the trials of a rung, best first, and picks the winner of the last one: the best value; of equal values the trial
 * with the smaller number. Trials without a value come last.
 */
export function rankTrials(
  sweep: { id: string; plan: SweepPlan },
  rung: number,
  outcomes: readonly TrialOutcome[],
  { basis, rankedAt }: Pick<SweepResult, 'basis' | 'rankedAt'>,
): SweepResult {
  const { id, plan } = sweep;
  const { name, goal, reported } = plan.metric;
  const sign = goal === 'higher' ? -1 : 1;
  const valued = outcomes
    .filter(({ value }) => value !== null)
    .sort((left, right) => sign * ((left.value ?? 0) - (right.value ?? 0)) || left.number - right.number);
  const rest = outcomes.filter(({ value }) => value === null).sort((left, right) => left.number - right.number);
  const trials = [
    ...valued.map(({ reportedAs: _, ...one }, index) => ({ ...one, rank: index + 1 })),
    ...rest.map(({ reportedAs: _, ...one }) => ({ ...one, rank: null })),
  ];
  const rungs = countRungs(plan);
  const told = [...new Set(outcomes.flatMap(({ reportedAs }) => reportedAs ?? []))].sort();
  const metric = basis === 'verified' ? name : told.join(', ').slice(0, 300) || (reported ?? name);
  return {
    kind: 'sweep-result',
    version: 1,
    sweep: id,
    plan: integrityOfDocument(plan),
    model: plan.model,
    rung,
    rungs,
    basis,
    metric,
    goal,
    trials,
    winner: rung === rungs ? (valued[0]?.number ?? null) : null,
    rule: `${goal === 'higher' ? 'highest' : 'lowest'} ${metric} (${basis}); of equals the trial with the smaller number`,
    rankedAt,
  };
}
