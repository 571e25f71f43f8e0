/** Scores are kept this far from 0 and 1 in the logarithm, as scikit-learn does for doubles. */
const EPSILON = 2 ** -52;

/** -ln of the probability given to what happened, one per row. */
export function logLosses(labels: Float64Array, scores: Float64Array): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const score = Math.min(1 - EPSILON, Math.max(EPSILON, scores[row] ?? 0));
    result[row] = labels[row] === 1 ? -Math.log(score) : -Math.log1p(-score);
  }
  return result;
}

/** (score - label)^2, one per row; its mean is the binary Brier score or the mean squared error. */
export function squaredErrors(labels: Float64Array, scores: Float64Array): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) result[row] = ((scores[row] ?? 0) - (labels[row] ?? 0)) ** 2;
  return result;
}

/** |score - label|, one per row. */
export function absoluteErrors(labels: Float64Array, scores: Float64Array): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) result[row] = Math.abs((scores[row] ?? 0) - (labels[row] ?? 0));
  return result;
}
