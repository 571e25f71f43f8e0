import type { ModelConfig } from '../config/schema.ts';
import type { Comparison, GapName, MetricChange } from '../contracts/comparison.ts';
import { gapNameSchema } from '../contracts/comparison.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { RESAMPLES } from '../evaluation/measure-metric.ts';
import { SEED } from '../evaluation/measure-model.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import { type ScoredRows, scoredRows } from '../evaluation/scored-rows.ts';
import { integrityOfDocument } from '../integrity.ts';
import { detectableChange } from '../statistics/detectable-change.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compareFairness } from './compare-fairness.ts';
import { compareMetric } from './compare-metric.ts';
import { compareSlices } from './compare-slices.ts';

/** The predictions of both models on the same rows in holdout order, and what groups the rows. */
export type PairedPredictions = {
  labels: Float64Array;
  /** Null for a first model. */
  base: Float64Array | null;
  head: Float64Array;
  groups: readonly GroupColumn[];
};

/**
 * Compares two evaluations of the same rows, pair by pair. `base` is null for a first model. Every bootstrap starts from
 * the same seed, so the same documents give the same comparison. Throws `holdout-mismatch` when the rows differ.
 */
export function compareEvaluations(
  { base, head }: { base: Evaluation | null; head: Evaluation },
  predictions: PairedPredictions,
  policy: Pick<ModelConfig, 'gates' | 'protected'>,
): Comparison {
  if (base !== null) requireSameHoldout(base, head);
  const threshold = head.threshold ?? Number.NaN;
  const headRows = scoredRows(predictions.labels, predictions.head, threshold);
  const baseRows =
    base === null || predictions.base === null
      ? null
      : scoredRows(predictions.labels, predictions.base, base.threshold ?? threshold);
  return {
    kind: 'comparison',
    version: 1,
    model: head.model,
    holdout: head.holdout,
    base: base === null ? null : { sha256: base.sha256, evaluation: integrityOfDocument(base) },
    head: { sha256: head.sha256, evaluation: integrityOfDocument(head) },
    identical: baseRows?.scores.every((score, row) => score === headRows.scores[row]) ?? false,
    seed: SEED,
    resamples: RESAMPLES,
    metrics: compareMetrics({ base, head }, baseRows, headRows),
    fairness:
      head.task === 'binary'
        ? predictions.groups
            .filter(({ by }) => policy.protected.includes(by))
            .flatMap((column) => compareGaps(column, policy.gates, baseRows, headRows))
        : [],
    ...compareGroups(head, predictions.groups, baseRows, headRows),
  };
}

/** The primary metric, group by group; nothing without a base. */
function compareGroups(
  head: Evaluation,
  columns: readonly GroupColumn[],
  baseRows: ScoredRows | null,
  headRows: ScoredRows,
): Pick<Comparison, 'slices'> {
  const primary = head.metrics[0];
  if (primary === undefined || baseRows === null) return {};
  return { slices: compareSlices(primary.name, columns, baseRows, headRows) };
}

function compareMetrics(
  { base, head }: { base: Evaluation | null; head: Evaluation },
  baseRows: ScoredRows | null,
  headRows: ScoredRows,
): MetricChange[] {
  return head.metrics.map(({ name, value, n }) => {
    const before = base?.metrics.find((metric) => metric.name === name)?.value ?? null;
    const delta =
      before === null || baseRows === null ? null : compareMetric(name, baseRows, headRows, seededRandom(SEED));
    return {
      name,
      direction: metricFacts(name).direction,
      base: before,
      head: value,
      delta,
      detectable: detectableChange(delta?.standardError ?? null),
      n,
    };
  });
}

/** Every gap of a protected column; where no gate says how large a group must be, the strictest other gate of it does. */
function compareGaps(
  column: GroupColumn,
  gates: ModelConfig['gates'],
  baseRows: ScoredRows | null,
  headRows: ScoredRows,
) {
  const own = gates.flatMap((gate) => ('fairness' in gate && gate.by === column.by ? [gate] : []));
  const strictest = Math.max(...own.map((gate) => gate.min_group), own.length === 0 ? 100 : 0);
  const minGroup = (gap: GapName) => own.find(({ fairness }) => fairness === gap)?.min_group ?? strictest;
  return gapNameSchema.options.map((gap) =>
    compareFairness({ gap, minGroup: minGroup(gap) }, column, baseRows, headRows, seededRandom(SEED)),
  );
}

function requireSameHoldout(base: Evaluation, head: Evaluation): void {
  if (base.holdout.integrity === head.holdout.integrity) return;
  throw new PulltrainError('holdout-mismatch', {
    what: 'the two evaluations are not of the same rows, so their difference says nothing',
    where: head.model,
    seen: `base ${base.holdout.integrity.slice(0, 20)} (${base.holdout.rows} rows), head ${head.holdout.integrity.slice(0, 20)} (${head.holdout.rows} rows)`,
    cure: 'Evaluate both models on the same holdout.',
  });
}
