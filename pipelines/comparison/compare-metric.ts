import type { Delta } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { calibrationCells } from '../evaluation/calibration-cells.ts';
import { LEVEL, RESAMPLES } from '../evaluation/measure-metric.ts';
import type { ScoredRows } from '../evaluation/scored-rows.ts';
import { averagePrecision } from '../statistics/average-precision.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { type Confusion, f1, precision, recall } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { delongDifference } from '../statistics/delong-difference.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { differences, mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { pairedMeanDifference } from '../statistics/paired-mean-difference.ts';
import { rSquared } from '../statistics/r-squared.ts';
import { rootMeanSquaredError } from '../statistics/root-mean-squared-error.ts';
import { absoluteErrors, logLosses, squaredErrors } from '../statistics/row-losses.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { twoSidedP } from '../statistics/two-sided-p.ts';
import { bootstrapPairs } from './bootstrap-pairs.ts';
import { baseConfusion, countDecisions, headConfusion } from './decision-cells.ts';

/** Up to here rows are resampled; beyond, linearisation is as good and does not grow with the draws. */
const FEW_ROWS = 5000;

/**
 * The paired difference head - base of one metric with its 95 % interval: DeLong for the area, McNemar's variance for
 * accuracy, exact per-row differences for means of losses, and a bootstrap or linearisation of both models on the same
 * rows for everything else. Null where either side is undefined.
 */
export function compareMetric(name: MetricName, base: ScoredRows, head: ScoredRows, random: Random): Delta | null {
  switch (name) {
    case 'roc_auc':
      return normal('DeLong', delongDifference(components(base), components(head)));
    case 'log_loss':
      return losses(logLosses, base, head);
    case 'brier':
      return losses(squaredErrors, base, head);
    case 'mae':
      return losses(absoluteErrors, base, head);
    case 'accuracy':
      return accuracy(base, head);
    case 'ece':
      return calibration(base, head, random);
    case 'precision':
      return decisions(precision, base, head, random);
    case 'recall':
      return decisions(recall, base, head, random);
    case 'f1':
      return decisions(f1, base, head, random);
    case 'pr_auc':
    case 'rmse':
    case 'r2':
      return base.labels.length > FEW_ROWS
        ? linearised(name, base, head)
        : resampled('paired bootstrap of rows', bootstrapPairs(name, base, head, { resamples: RESAMPLES, random }));
    default:
      return null;
  }
}

function components(rows: ScoredRows) {
  return delongComponents(rows.labels, rows.scores, rows.order());
}

function normal(method: string, found: { value: number; standardError: number; p: number }): Delta | null {
  const { value, standardError, p } = found;
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return null;
  return { value, ...normalInterval(value, standardError, LEVEL), method, p, standardError };
}

function losses(
  perRow: (labels: Float64Array, scores: Float64Array) => Float64Array,
  base: ScoredRows,
  head: ScoredRows,
): Delta | null {
  const found = pairedMeanDifference(perRow(base.labels, base.scores), perRow(head.labels, head.scores));
  return normal('paired difference of means', found);
}

function linearised(name: 'pr_auc' | 'rmse' | 'r2', base: ScoredRows, head: ScoredRows): Delta | null {
  const of = (rows: ScoredRows) => {
    if (name === 'pr_auc') return averagePrecision(rows.labels, rows.scores, rows.order());
    return (name === 'rmse' ? rootMeanSquaredError : rSquared)(rows.labels, rows.scores);
  };
  const [before, after] = [of(base), of(head)];
  const pull = differences(after.influence, before.influence);
  const value = after.value - before.value;
  const standardError = Math.sqrt((variance(pull) + mean(pull) ** 2) / pull.length);
  return normal('paired linearisation', { value, standardError, p: twoSidedP(value, standardError) });
}

/** McNemar: only rows that one model gets right and the other wrong say anything. */
function accuracy(base: ScoredRows, head: ScoredRows): Delta | null {
  const { labels } = base;
  let onlyBase = 0;
  let onlyHead = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const before = Number((base.scores[row] ?? 0) >= base.threshold) === labels[row];
    const after = Number((head.scores[row] ?? 0) >= head.threshold) === labels[row];
    if (before && !after) onlyBase += 1;
    if (after && !before) onlyHead += 1;
  }
  const n = labels.length;
  const disagreements = onlyBase + onlyHead;
  const value = (onlyHead - onlyBase) / n;
  const standardError = Math.sqrt(Math.max(0, disagreements - (onlyHead - onlyBase) ** 2 / n)) / n;
  const test = mcnemar(onlyBase, onlyHead);
  return normal('McNemar', { value, standardError, p: disagreements < 25 ? test.exact : test.midP });
}

function calibration(base: ScoredRows, head: ScoredRows, random: Random): Delta | null {
  const cells = calibrationCells(base.labels, base.scores, head.scores);
  const of = (counts: Float64Array) => {
    const errors = cells.errors(counts);
    return errors.head - errors.base;
  };
  const [replicates = new Float64Array()] = bootstrapCells(
    [cells.counts],
    ([counts = new Float64Array()]) => [of(counts)],
    { resamples: RESAMPLES, random },
  );
  return resampled('paired bootstrap of cells', { value: of(cells.counts), replicates }, true);
}

function decisions(
  rate: (counts: Confusion) => number,
  base: ScoredRows,
  head: ScoredRows,
  random: Random,
): Delta | null {
  const cells = countDecisions(base, head);
  const of = ([counts = new Float64Array()]: readonly Float64Array[]) =>
    rate(headConfusion(counts)) - rate(baseConfusion(counts));
  const [replicates = new Float64Array()] = bootstrapCells(cells, (drawn) => [of(drawn)], {
    resamples: RESAMPLES,
    random,
  });
  return resampled('paired bootstrap of cells', { value: of(cells), replicates });
}

function resampled(
  method: string,
  { value, replicates }: { value: number; replicates: Float64Array },
  reflected = false,
): Delta | null {
  const interval = bootstrapInterval(value, replicates, { level: LEVEL, reflected });
  if (interval === null) return null;
  const { low, high, level, standardError } = interval;
  return { value, low, high, level, method: `${method}, ${replicates.length} draws`, p: null, standardError };
}
