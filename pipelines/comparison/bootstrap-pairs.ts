import type { ScoredRows } from '../evaluation/scored-rows.ts';
import { bootstrapRows } from '../statistics/bootstrap-rows.ts';
import { squaredErrors } from '../statistics/row-losses.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { sortOrder } from '../statistics/sort-order.ts';
import { weightedAveragePrecision } from '../statistics/weighted-average-precision.ts';

type Weighted = (weights: Float64Array) => number;

/** Paired bootstrap over rows of a difference that no smaller summary carries. The order of rows does not matter. */
export function bootstrapPairs(
  name: 'pr_auc' | 'rmse' | 'r2',
  base: ScoredRows,
  head: ScoredRows,
  options: { resamples: number; random: Random },
): { value: number; replicates: Float64Array } {
  const order = canonicalOrder(base, head);
  const pick = (values: Float64Array) => Float64Array.from(order, (row) => values[row] ?? 0);
  const labels = pick(head.labels);
  const before = statistic(name, labels, pick(base.scores));
  const after = statistic(name, labels, pick(head.scores));
  const once = new Float64Array(labels.length).fill(1);
  const [replicates = new Float64Array()] = bootstrapRows(
    labels.length,
    (weights) => [after(weights) - before(weights)],
    options,
  );
  return { value: after(once) - before(once), replicates };
}

/** By head, base and label, so that the same seed draws the same rows however they were stored. */
function canonicalOrder(base: ScoredRows, head: ScoredRows): Uint32Array {
  const through = (order: Uint32Array, values: Float64Array) => {
    const inner = sortOrder(Float64Array.from(order, (row) => values[row] ?? 0));
    return inner.map((at) => order[at] ?? 0);
  };
  return through(through(sortOrder(head.labels), base.scores), head.scores);
}

function statistic(name: 'pr_auc' | 'rmse' | 'r2', labels: Float64Array, scores: Float64Array): Weighted {
  if (name === 'pr_auc') {
    const order = sortOrder(scores);
    return (weights) => weightedAveragePrecision(labels, scores, order, weights);
  }
  const squares = squaredErrors(labels, scores);
  if (name === 'rmse') return (weights) => Math.sqrt(weightedSum(squares, weights) / scores.length);
  const labelSquares = labels.map((label) => label * label);
  return (weights) => {
    const total = weightedSum(labelSquares, weights) - weightedSum(labels, weights) ** 2 / labels.length;
    return 1 - weightedSum(squares, weights) / total;
  };
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row += 1) sum += (values[row] ?? 0) * (weights[row] ?? 0);
  return sum;
}
