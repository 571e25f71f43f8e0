import type { RegressionRows } from '../evaluation/judged-rows.ts';
import { splitMetric } from '../evaluation/metric-catalogue.ts';
import type { Linearised } from '../statistics/average-precision.ts';
import { explainedVariance } from '../statistics/explained-variance.ts';
import { laneDifference } from '../statistics/lane-difference.ts';
import { laneOrderStatistic } from '../statistics/lane-order-statistic.ts';
import { laneSums } from '../statistics/lane-sums.ts';
import { differences, mean } from '../statistics/moments.ts';
import { rSquared } from '../statistics/r-squared.ts';
import { rootMeanSquaredError } from '../statistics/root-mean-squared-error.ts';
import {
  absoluteErrors,
  percentageErrors,
  pinballLosses,
  squaredErrors,
  squaredLogErrors,
} from '../statistics/row-losses.ts';
import { meansForm } from './means-form.ts';
import type { MakeForm, PairedForm } from './paired-form.ts';

export const regressionForm: MakeForm<RegressionRows> = (name, first, second) => {
  const { family, parameter } = splitMetric(name);
  const losses = (of: (labels: Float64Array, scores: Float64Array) => Float64Array) =>
    meansForm(of(first.labels, first.scores), of(second.labels, second.scores));
  const smooth = (measure: (labels: Float64Array, scores: Float64Array) => Linearised, of: OfMoments) =>
    momentsForm(first, second, measure, of);
  switch (family) {
    case 'mae':
      return losses(absoluteErrors);
    case 'mse':
      return losses(squaredErrors);
    case 'mape':
      return losses(percentageErrors);
    case 'msle':
      return losses(squaredLogErrors);
    case 'pinball':
      return losses((labels, scores) => pinballLosses(labels, scores, parameter ?? 0.5));
    case 'rmse':
      return smooth(rootMeanSquaredError, ({ squares }) => Math.sqrt(squares));
    case 'r2':
      return smooth(rSquared, ({ squares, spread }) => 1 - squares / spread);
    case 'explained_variance':
      return smooth(explainedVariance, ({ squares, off, spread }) => 1 - (squares - off ** 2) / spread);
    case 'median_ae':
      return orderForm(first, second, 'median');
    case 'max_error':
      return orderForm(first, second, 'largest');
    default:
      return null;
  }
};

/** Mean squared error, mean error, and variance of the labels, all over the same rows. */
type OfMoments = (moments: { squares: number; off: number; spread: number }) => number;

function momentsForm(
  first: RegressionRows,
  second: RegressionRows,
  measure: (labels: Float64Array, scores: Float64Array) => Linearised,
  of: OfMoments,
): PairedForm | null {
  const { labels } = first;
  const linearised = () => [measure(labels, first.scores), measure(labels, second.scores)] as const;
  if (linearised().some(({ value }) => !Number.isFinite(value))) return null;
  const centre = mean(labels);
  const centred = labels.map((label) => label - centre);
  const squared = centred.map((label) => label * label);
  const sides = [first, second].flatMap(({ scores }) => [squaredErrors(labels, scores), differences(scores, labels)]);
  return {
    kind: 'rows',
    passes: 2,
    linearised,
    lanes: (units) =>
      laneSums([centred, squared, ...sides], units.of, units.count, (sums) => {
        const [sum = 0, squares = 0, firstSquares = 0, firstOff = 0, secondSquares = 0, secondOff = 0, rows = 0] = sums;
        const spread = squares / rows - (sum / rows) ** 2;
        const before = of({ squares: firstSquares / rows, off: firstOff / rows, spread });
        return of({ squares: secondSquares / rows, off: secondOff / rows, spread }) - before;
      }),
  };
}

function orderForm(first: RegressionRows, second: RegressionRows, which: 'median' | 'largest'): PairedForm {
  return {
    kind: 'rows',
    passes: 4,
    linearised: null,
    lanes: (units) =>
      laneDifference(
        laneOrderStatistic(which, absoluteErrors(first.labels, first.scores), units.of),
        laneOrderStatistic(which, absoluteErrors(second.labels, second.scores), units.of),
      ),
  };
}
