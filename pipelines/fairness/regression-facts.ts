import { differences } from '../statistics/moments.ts';
import { absoluteErrors, squaredErrors } from '../statistics/row-losses.ts';
import type { NormalFact } from './group-facts.ts';
import { type Grouping, meanFacts } from './mean-facts.ts';

/**
 * How a regression treats every group: mean of truth and prediction, mean error (prediction - truth), mean absolute error,
 * root mean squared error and R², the last two with errors from their influence functions. R² of a constant truth is
 * undefined.
 */
export function regressionFacts(
  labels: Float64Array,
  head: Float64Array,
  base: Float64Array | null,
  grouping: Grouping,
): NormalFact[][] {
  const of = (values: (labels: Float64Array, scores: Float64Array) => Float64Array) =>
    [values(labels, head), base === null ? null : values(labels, base)] as const;
  const truth = meanFacts('mean_label', labels, base === null ? null : labels, grouping);
  const squares = of(squaredErrors);
  const squared = meanFacts('rmse', ...squares, grouping);
  const columns = [
    truth,
    meanFacts('mean_prediction', head, base, grouping),
    meanFacts('mean_error', ...of((actual, predicted) => differences(predicted, actual)), grouping),
    meanFacts('mae', ...of(absoluteErrors), grouping),
    rootFacts(squares, squared, grouping),
    explainedFacts(labels, squares, squared, truth, grouping),
  ];
  return truth.map((_, group) => columns.flatMap((column) => column[group] ?? []));
}

type Squares = readonly [Float64Array, Float64Array | null];

/** `squared` are the mean squared errors; the influence of a row on the root is (e² - mse) / (2 rmse). */
function rootFacts([head, base]: Squares, squared: readonly NormalFact[], grouping: Grouping): NormalFact[] {
  const pull = (values: Float64Array, side: 'head' | 'base') =>
    values.map((value, row) => {
      const mse = squared[grouping.codes[row] ?? 0]?.[side]?.value ?? Number.NaN;
      return mse === 0 ? 0 : (value - mse) / (2 * Math.sqrt(mse));
    });
  const influence = meanFacts('rmse', pull(head, 'head'), base === null ? null : pull(base, 'base'), grouping);
  return recentred(influence, (group, side) => Math.sqrt(squared[group]?.[side]?.value ?? Number.NaN));
}

/** R² = 1 - mse / v with v the variance of the truth; the influence of a row is -(e² - (1 - R²) (y - mean)²) / v. */
function explainedFacts(
  labels: Float64Array,
  [head, base]: Squares,
  squared: readonly NormalFact[],
  truth: readonly NormalFact[],
  grouping: Grouping,
): NormalFact[] {
  const { codes } = grouping;
  const spread = labels.map((label, row) => (label - (truth[codes[row] ?? 0]?.head.value ?? Number.NaN)) ** 2);
  const variances = meanFacts('r2', spread, null, grouping).map(({ head: { value } }) => value);
  const unexplained = (group: number, side: 'head' | 'base') => {
    const variance = variances[group] ?? 0;
    return variance > 0 ? (squared[group]?.[side]?.value ?? Number.NaN) / variance : Number.NaN;
  };
  const pull = (values: Float64Array, side: 'head' | 'base') =>
    values.map((value, row) => {
      const group = codes[row] ?? 0;
      return -(value - unexplained(group, side) * (spread[row] ?? 0)) / (variances[group] ?? 0);
    });
  const influence = meanFacts('r2', pull(head, 'head'), base === null ? null : pull(base, 'base'), grouping);
  return recentred(influence, (group, side) => 1 - unexplained(group, side));
}

/** Facts whose errors are right and whose values are to be put in: influences have a mean of 0. */
function recentred(
  facts: readonly NormalFact[],
  valueIn: (group: number, side: 'head' | 'base') => number,
): NormalFact[] {
  return facts.map((fact, group) => ({
    ...fact,
    head: { ...fact.head, value: valueIn(group, 'head') },
    base: fact.base === null ? null : { ...fact.base, value: valueIn(group, 'base') },
  }));
}
