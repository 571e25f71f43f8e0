import type { Linearised } from './average-precision.ts';
import { mean } from './moments.ts';
import { squaredErrors } from './row-losses.ts';

/**
 * Coefficient of determination 1 - SSE/SST. Constant labels give 1 for perfect scores and 0 otherwise (scikit-learn's
 * `force_finite`). A row pulls by (E/S) ((y - mean)^2 / S - e^2 / E) with E and S the mean squares.
 */
export function rSquared(labels: Float64Array, scores: Float64Array): Linearised {
  const squares = squaredErrors(labels, scores);
  const centre = mean(labels);
  const spread = labels.map((label) => (label - centre) ** 2);
  const error = mean(squares);
  const total = mean(spread);
  if (total === 0) return { value: error === 0 ? 1 : 0, influence: new Float64Array(labels.length) };
  const influence = squares.map((square, row) => (error * (spread[row] ?? 0)) / total ** 2 - square / total);
  return { value: 1 - error / total, influence };
}
