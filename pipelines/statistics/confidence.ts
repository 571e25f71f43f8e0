import type { Delta } from '../contracts/comparison.ts';
import { normalCdf } from './normal-cdf.ts';
import { normalQuantile } from './normal-quantile.ts';
import { studentQuantile, studentSurvival } from './student-t.ts';

type Estimate = Pick<Delta, 'value' | 'low' | 'high' | 'level' | 'standardError' | 'quantiles' | 'tests'>;

/**
 * One-sided confidence, in 0..1, that the true difference is smaller than `value`; also the p-value of the hypothesis
 * that it is. From the quantiles that a bootstrap left, else from the standard error by the normal or Student's
 * distribution. An estimate without error is certain.
 */
export function confidenceBelow(estimate: Estimate, value: number): number {
  const { quantiles } = estimate;
  const spread = spreadOf(estimate);
  if (spread === 0) return estimate.value < value ? 1 : estimate.value > value ? 0 : 0.5;
  if (quantiles === undefined || quantiles.length < 2) return shape(estimate).cdf((value - estimate.value) / spread);
  return normalCdf(
    interpolate(
      quantiles.map(([level, at]): [number, number] => [at, normalQuantile(level)]),
      value,
    ),
  );
}

/** The value below which the true difference lies with this one-sided confidence: the inverse of `confidenceBelow`. */
export function confidenceBound(estimate: Estimate, level: number): number {
  const { quantiles } = estimate;
  const spread = spreadOf(estimate);
  if (spread === 0) return estimate.value;
  if (quantiles === undefined || quantiles.length < 2) return estimate.value + spread * shape(estimate).quantile(level);
  return interpolate(
    quantiles.map(([known, at]): [number, number] => [normalQuantile(known), at]),
    normalQuantile(level),
  );
}

function spreadOf({ standardError, low, high, level }: Estimate): number {
  return standardError ?? (high - low) / (2 * normalQuantile(0.5 + level / 2));
}

function shape({ tests }: Estimate): { cdf(z: number): number; quantile(p: number): number } {
  const degrees = tests?.find(({ name }) => name === 'paired t')?.degreesOfFreedom;
  if (degrees === undefined) return { cdf: normalCdf, quantile: normalQuantile };
  return { cdf: (t) => studentSurvival(-t, degrees), quantile: (p) => studentQuantile(p, degrees) };
}

/** Linear between points with rising coordinates; beyond them along the last distinct piece. */
function interpolate(points: readonly [number, number][], at: number): number {
  const rising = points.filter(([x], index) => index === 0 || x > (points[index - 1]?.[0] ?? Number.NaN));
  if (rising.length < 2) return rising[0]?.[1] ?? Number.NaN;
  const found = rising.findIndex(([x]) => x >= at);
  const upper = found === -1 ? rising.length - 1 : Math.max(1, found);
  const [left, right] = [rising[upper - 1], rising[upper]];
  if (left === undefined || right === undefined) return Number.NaN;
  return left[1] + ((right[1] - left[1]) * (at - left[0])) / (right[0] - left[0]);
}
