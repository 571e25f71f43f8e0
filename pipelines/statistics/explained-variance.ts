import type { Linearised } from './average-precision.ts';
import { differences, mean } from './moments.ts';

/**
 * 1 - var(error) / var(label), which forgives a constant error that R² does not. Constant labels give 1 for constant
 * errors and 0 otherwise (scikit-learn's `force_finite`). Influence as that of R², with the errors centred.
 */
export function explainedVariance(labels: Float64Array, scores: Float64Array): Linearised {
  const errors = differences(scores, labels);
  const bias = mean(errors);
  const centre = mean(labels);
  const squares = errors.map((error) => (error - bias) ** 2);
  const spread = labels.map((label) => (label - centre) ** 2);
  const error = mean(squares);
  const total = mean(spread);
  if (total === 0) return { value: error === 0 ? 1 : 0, influence: new Float64Array(labels.length) };
  const influence = squares.map((square, row) => (error * (spread[row] ?? 0)) / total ** 2 - square / total);
  return { value: 1 - error / total, influence };
}
