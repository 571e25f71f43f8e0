import type { ModelConfig } from '../config/schema.ts';
import type { SweepPlan } from '../contracts/sweep.ts';
import { PulltrainError } from '../errors.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import type { SweepAsk } from './parse-ask.ts';
import { readDimension } from './parse-dimension.ts';
import { planRung } from './plan-rung.ts';

/**
 * The plan of a sweep: what the configuration says, and over it what was asked for. Parameters that are named replace the
 * whole space of the configuration. Without a number of trials, every point of the grid is one. Throws `sweep-invalid`,
 * `sweep-too-large`, and `sweep-empty` when nothing says what to vary.
 */
export function makePlan(
  { model, config }: { model: string; config: Pick<ModelConfig, 'sweep' | 'metrics'> },
  ask: SweepAsk,
  where: Pick<SweepPlan, 'commit' | 'pull'>,
): SweepPlan {
  const { sweep, metrics } = config;
  const space =
    ask.space.length > 0
      ? ask.space
      : Object.entries(sweep?.space ?? {}).map(([name, values]) => readDimension(name, values));
  if (space.length === 0) {
    throw new PulltrainError('sweep-empty', {
      what: 'nothing says which parameters to vary',
      where: `models.${model}.sweep`,
      cure: 'Name them, as in lr=0.01,0.1 depth=4..8, or write a space into pulltrain.yml.',
    });
  }
  const halving = ask.halving ?? sweep?.halving ?? null;
  // A space that was named is not meant for the number of draws that the configuration has for another.
  const trials = ask.trials ?? (ask.space.length > 0 ? null : (sweep?.trials ?? null));
  const plan: SweepPlan = {
    kind: 'sweep-plan',
    version: 1,
    model,
    commit: where.commit,
    method: halving !== null ? 'halving' : trials !== null ? 'random' : 'grid',
    space,
    trials,
    seed: ask.seed ?? sweep?.seed ?? 1,
    halving,
    metric: {
      name: metrics.primary,
      goal: metricFacts(metrics.primary).direction,
      reported: ask.reported ?? sweep?.reported ?? null,
    },
    pull: where.pull,
  };
  // What cannot be is told before anything runs.
  planRung(plan, []);
  return plan;
}
