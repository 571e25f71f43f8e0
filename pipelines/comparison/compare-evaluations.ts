import type { ModelConfig } from '../config/schema.ts';
import type { Comparison, Delta, MetricChange } from '../contracts/comparison.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { LEVEL } from '../evaluation/estimate.ts';
import type { JudgedRows } from '../evaluation/judged-rows.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import { integrityOfDocument } from '../integrity.ts';
import { detectableChange } from '../statistics/detectable-change.ts';
import { answersOf } from './canonical-rows.ts';
import { compareFairness } from './compare-fairness.ts';
import { compareMetrics } from './compare-metrics.ts';
import { type CompareOptions, defaultOptions } from './compare-options.ts';
import { compareSlices } from './compare-slices.ts';
import { measureAskedSlices } from './measure-asked-slices.ts';

/** The answers of both models on the same rows in holdout order, what groups the rows, and what holds some together. */
export type PairedPredictions = {
  /** Null for a first model. */
  base: JudgedRows | null;
  head: JudgedRows;
  groups: readonly GroupColumn[];
  cluster?: CompareOptions['cluster'];
};

/**
 * Compares two evaluations of the same rows, pair by pair. `base` is null for a first model. Every bootstrap starts from
 * the same seed, so the same documents give the same comparison. Throws `holdout-mismatch` when the rows differ, and
 * `task-mismatch` when the models answer different questions.
 */
export function compareEvaluations(
  { base, head }: { base: Evaluation | null; head: Evaluation },
  predictions: PairedPredictions,
  policy: Pick<ModelConfig, 'gates' | 'protected'>,
  settings: Partial<Pick<CompareOptions, 'seed' | 'resamples' | 'interval'>> = {},
): Comparison {
  requireSameRows({ base, head });
  const options = { ...defaultOptions, ...settings, cluster: predictions.cluster ?? null };
  const headRows = predictions.head;
  const baseRows = base === null ? null : predictions.base;
  const identical = baseRows !== null && isSame(baseRows, headRows);
  const asked = measureAskedSlices(policy.gates, predictions.groups, { base: baseRows, head: headRows }, options);
  return {
    kind: 'comparison',
    version: 1,
    model: head.model,
    holdout: head.holdout,
    base: base === null ? null : { sha256: base.sha256, evaluation: integrityOfDocument(base) },
    head: { sha256: head.sha256, evaluation: integrityOfDocument(head) },
    identical,
    seed: options.seed,
    resamples: options.resamples,
    interval: options.interval,
    metrics: compareAll({ base, head }, { base: baseRows, head: headRows, identical }, options),
    ...fairnessOf(predictions, policy, { base: baseRows, head: headRows }, options),
    ...compareGroups(head, predictions.groups, { base: baseRows, head: headRows }, options),
    ...(asked.length === 0 ? {} : { sliceMetrics: asked }),
    ...(options.cluster === null ? {} : { cluster: options.cluster.by }),
  };
}

function isSame(base: JudgedRows, head: JudgedRows): boolean {
  const [before, after] = [answersOf(base), answersOf(head)];
  return (
    before.length === after.length &&
    before.every((column, at) => column.every((answer, row) => answer === after[at]?.[row]))
  );
}

type BothRows = { base: JudgedRows | null; head: JudgedRows };

/** The primary metric, group by group; nothing without a base. */
function compareGroups(
  head: Evaluation,
  columns: readonly GroupColumn[],
  rows: BothRows,
  options: CompareOptions,
): Pick<Comparison, 'slices'> {
  const primary = head.metrics[0];
  if (primary === undefined || rows.base === null) return {};
  return { slices: compareSlices(primary.name, columns, rows.base, rows.head, options) };
}

function compareAll(
  { base, head }: { base: Evaluation | null; head: Evaluation },
  rows: BothRows & { identical: boolean },
  options: CompareOptions,
): MetricChange[] {
  const valueOfBase = new Map(base?.metrics.map(({ name, value }) => [name, value]));
  const shared = head.metrics.filter(({ name }) => valueOfBase.has(name));
  const names = shared.map(({ name }) => name);
  const deltas =
    rows.base === null
      ? []
      : rows.identical
        ? shared.map(({ n }) => noChange(n))
        : compareMetrics(names, rows.base, rows.head, options);
  return head.metrics.map(({ name, value, n }) => {
    const delta = deltas[names.indexOf(name)] ?? null;
    return {
      name,
      direction: metricFacts(name).direction,
      base: valueOfBase.get(name) ?? null,
      head: value,
      delta,
      detectable: detectableChange(delta?.standardError ?? null),
      n,
    };
  });
}

/** Of equal answers nothing is to be computed: they differ by exactly 0. */
function noChange(n: number): Delta {
  return { value: 0, low: 0, high: 0, level: LEVEL, method: 'same answers', p: 1, standardError: 0, n };
}

/** Decisions about groups are binary; of other tasks nothing is said. */
function fairnessOf(
  { groups }: PairedPredictions,
  policy: Pick<ModelConfig, 'gates' | 'protected'>,
  { base, head }: BothRows,
  { resamples, seed }: CompareOptions,
): Pick<Comparison, 'fairness' | 'groupFairness'> {
  if (head.task !== 'binary' || policy.protected.length === 0) return { fairness: [] };
  const before = base?.task === 'binary' ? base : null;
  const subject = { by: policy.protected, columns: groups, base: before, head };
  return compareFairness(subject, policy.gates, { resamples, seed });
}

/** Throws `holdout-mismatch` or `task-mismatch` unless the difference of two evaluations says something. */
export function requireSameRows({ base, head }: { base: Evaluation | null; head: Evaluation }): void {
  if (base === null) return;
  requireSameTask(base, head);
  if (base.holdout.integrity === head.holdout.integrity) return;
  throw new PulltrainError('holdout-mismatch', {
    what: 'the two evaluations are not of the same rows, so their difference says nothing',
    where: head.model,
    seen: `base ${base.holdout.integrity.slice(0, 20)} (${base.holdout.rows} rows), head ${head.holdout.integrity.slice(0, 20)} (${head.holdout.rows} rows)`,
    cure: 'Evaluate both models on the same holdout.',
  });
}

function requireSameTask(base: Evaluation, head: Evaluation): void {
  const known = base.classes !== undefined && head.classes !== undefined;
  const of = ({ task, classes = [] }: Evaluation) => (known ? `${task} of ${classes.join(', ')}` : task);
  if (of(base) === of(head)) return;
  throw new PulltrainError('task-mismatch', {
    what: 'the two models answer different questions, so their difference says nothing',
    where: head.model,
    seen: `base ${of(base)}, head ${of(head)}`,
    cure: 'Evaluate both for the same task and classes.',
  });
}
