import type { MetricName } from '../contracts/evaluation.ts';
import { explainedVariance } from '../statistics/explained-variance.ts';
import { medianInterval } from '../statistics/median-interval.ts';
import { quantile } from '../statistics/quantile.ts';
import { rSquared } from '../statistics/r-squared.ts';
import { rootMeanSquaredError } from '../statistics/root-mean-squared-error.ts';
import {
  absoluteErrors,
  percentageErrors,
  pinballLosses,
  squaredErrors,
  squaredLogErrors,
} from '../statistics/row-losses.ts';
import { type Estimate, fromInfluence, fromLosses, LEVEL, undefinedEstimate } from './estimate.ts';
import type { RegressionRows } from './judged-rows.ts';
import { splitMetric } from './metric-catalogue.ts';

/** One metric of a model that predicts a number. The largest error has no interval: no row tells of a larger one. */
export function measureRegression(
  name: MetricName,
  { labels, scores }: Pick<RegressionRows, 'labels' | 'scores'>,
): Estimate {
  const { family, parameter } = splitMetric(name);
  const constant = labels.every((label) => label === labels[0]);
  switch (family) {
    case 'mae':
      return fromLosses(absoluteErrors(labels, scores));
    case 'mse':
      return fromLosses(squaredErrors(labels, scores));
    case 'rmse':
      return fromInfluence(rootMeanSquaredError(labels, scores), { low: 0 });
    case 'r2':
      return constant ? undefinedEstimate(noSpread) : fromInfluence(rSquared(labels, scores), { high: 1 });
    case 'explained_variance':
      return constant ? undefinedEstimate(noSpread) : fromInfluence(explainedVariance(labels, scores), { high: 1 });
    case 'mape':
      return fromLosses(percentageErrors(labels, scores));
    case 'msle':
      return { ...fromLosses(squaredLogErrors(labels, scores)), reason: 'a truth or a prediction of -1 or less' };
    case 'pinball':
      return fromLosses(pinballLosses(labels, scores, parameter ?? 0.5));
    case 'median_ae': {
      const errors = absoluteErrors(labels, scores).sort();
      return { value: quantile(errors, 0.5), interval: medianInterval(errors, LEVEL), method: 'order statistics' };
    }
    case 'max_error':
      return {
        value: absoluteErrors(labels, scores).reduce((most, error) => Math.max(most, error), 0),
        interval: null,
      };
    default:
      throw new Error(`${name} is no metric of regression`);
  }
}

const noSpread = 'the truth is the same in all rows';
