import type { ModelConfig } from '../config/schema.ts';
import type { Perturbation, Robustness } from '../contracts/robustness.ts';
import { judgedRowsOf } from '../evaluation/judged-rows-of.ts';
import type { LoadedHoldout } from '../evaluation/load-holdout.ts';
import { measureMetrics } from '../evaluation/measure-metric.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import type { ObservedInputs } from '../evaluation/observe-inputs.ts';
import { takeTruth } from '../evaluation/take-truth.ts';
import type { OpenModel } from '../ports/scorer.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { type Asked, openAsker } from './ask-model.ts';
import { changedShare, movesOf, summarizeMoves, unitOf } from './compare-answers.ts';
import { noiseShare, type Planned, planPerturbations, type Skipped } from './plan-perturbations.ts';
import { worstByKind } from './worst-by-kind.ts';

/** What is done to the inputs altogether; what a model with more inputs than these allow for has left is skipped. */
const mostPlanned = 400;

export type RobustnessSubject = {
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Row numbers that `observed` holds, in its order. */
  rows: Uint32Array;
  observed: ObservedInputs;
  seed: number;
};

/**
 * What becomes of a model's answers when one input after the other is not as it was in the rows that it is judged by.
 * `reopen` gives the same model in a new process after one that crashed.
 */
export async function measureRobustness(
  { policy, loaded, rows, observed, seed }: RobustnessSubject,
  model: OpenModel,
  reopen: () => Promise<OpenModel>,
): Promise<Robustness> {
  const sampled = takeTruth(loaded, rows);
  const name = policy.metrics.primary;
  const metricOf = (scores: readonly Float64Array[]) =>
    measureMetrics([name], judgedRowsOf(policy, sampled, scores), { resamples: 0 })[0]?.value ?? null;
  const { planned, skipped } = planPerturbations(model.description.inputs, observed, seededRandom(seed));
  const asker = openAsker(model, policy.task, reopen);
  try {
    const before = await asker.mustAnswer(observed.columns);
    const again = await asker.mustAnswer(observed.columns);
    const metricBefore = metricOf(before);
    const perturbations: Perturbation[] = [];
    const left: Skipped[] = [];
    for (const [index, plan] of planned.entries()) {
      const why = index < mostPlanned ? asker.gaveUp() : `only ${mostPlanned} changes are tried`;
      if (why !== null) {
        left.push({ column: plan.column, kind: plan.kind, why });
        continue;
      }
      const asked = await asker.ask({ ...observed.columns, [plan.column]: plan.values });
      const answered = await findFault(plan, asked, (values) =>
        asker.ask({ ...observed.columns, [plan.column]: values }),
      );
      perturbations.push(
        describe(plan, answered, (after) => {
          const metricAfter = metricOf(after);
          return {
            move: summarizeMoves(movesOf(policy.task, before, after)),
            changedDecisions: changedShare(policy, before, after),
            metricAfter,
            worse: worsening(metricFacts(name).direction, metricBefore, metricAfter),
          };
        }),
      );
    }
    return {
      rows: rows.length,
      seed,
      unit: unitOf(policy.task),
      noise: noiseShare,
      metric: { name, before: metricBefore },
      deterministic: isSame(before, again),
      perturbations,
      skipped: [...skipped, ...left],
      byKind: worstByKind(perturbations),
    };
  } finally {
    await asker.close();
  }
}

type Effect = Pick<Perturbation, 'move' | 'changedDecisions' | 'metricAfter' | 'worse'>;

function describe(
  { column, kind, value, at }: Planned,
  asked: Asked,
  effectOf: (after: readonly Float64Array[]) => Effect,
): Perturbation {
  if ('scores' in asked) return { column, kind, value, ...effectOf(asked.scores), failure: null };
  const { row, ...failure } = asked.failure;
  const nothing = { move: null, changedDecisions: null, metricAfter: null, worse: null };
  return { column, kind, value: row === undefined ? value : at(row), ...nothing, failure };
}

/** Of values that take turns, finds the one that the model refuses. */
async function findFault(
  { values, at }: Planned,
  asked: Asked,
  ask: (values: Planned['values']) => Promise<Asked>,
): Promise<Asked> {
  if ('scores' in asked || asked.failure.kind !== 'refused') return asked;
  const seen = new Set<string>();
  for (let row = 0; row < Math.min(values.length, 10); row += 1) {
    if (seen.has(at(row))) continue;
    seen.add(at(row));
    const alone = await ask(constant(values, row));
    if ('failure' in alone) return { failure: { ...alone.failure, row } };
  }
  return asked;
}

/** The value of one row in every row. */
function constant(values: Planned['values'], row: number): Planned['values'] {
  if (values instanceof BigInt64Array) return new BigInt64Array(values.length).fill(values[row] ?? 0n);
  if (ArrayBuffer.isView(values)) return new Float64Array(values.length).fill(values[row] ?? Number.NaN);
  return values.map(() => values[row] ?? '');
}

function worsening(direction: 'higher' | 'lower', before: number | null, after: number | null): number | null {
  if (before === null || after === null) return null;
  return direction === 'higher' ? before - after : after - before;
}

function isSame(left: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  return left.every((column, index) => column.every((value, row) => Object.is(value, right[index]?.[row])));
}
