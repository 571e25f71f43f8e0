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

/** |score - label| / |label|, one per row; a label of 0 counts as 2^-52, as in scikit-learn, and so outweighs all others. */
export function percentageErrors(labels: Float64Array, scores: Float64Array): Float64Array {
  return absoluteErrors(labels, scores).map((error, row) => error / Math.max(EPSILON, Math.abs(labels[row] ?? 0)));
}

/** (ln(1 + score) - ln(1 + label))^2, one per row; NaN at -1 and below. */
export function squaredLogErrors(labels: Float64Array, scores: Float64Array): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const [label, score] = [labels[row] ?? 0, scores[row] ?? 0];
    result[row] = label > -1 && score > -1 ? (Math.log1p(score) - Math.log1p(label)) ** 2 : Number.NaN;
  }
  return result;
}

/** Loss of a score that stands for the quantile `alpha`: alpha of what it is too low by, 1 - alpha of what it is too high. */
export function pinballLosses(labels: Float64Array, scores: Float64Array, alpha: number): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const below = (labels[row] ?? 0) - (scores[row] ?? 0);
    result[row] = below >= 0 ? alpha * below : (alpha - 1) * below;
  }
  return result;
}

/** -ln of the probability given to the class that it was, one per row. `labels` are indices into `scores`, a column a class. */
export function classLogLosses(labels: Float64Array, scores: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const score = scores[labels[row] ?? 0]?.[row] ?? Number.NaN;
    result[row] = -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, score)));
  }
  return result;
}

/** Sum over the classes of (score - indicator)^2, one per row: Brier's own score, unhalved, as scikit-learn has it. */
export function classSquaredErrors(labels: Float64Array, scores: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(labels.length);
  scores.forEach((column, index) => {
    for (let row = 0; row < labels.length; row += 1) {
      const off = (column[row] ?? 0) - Number(labels[row] === index);
      result[row] = (result[row] ?? 0) + off * off;
    }
  });
  return result;
}

/** Mean over several columns, row by row. */
export function meanOfColumns(columns: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    for (let row = 0; row < result.length; row += 1) result[row] = (result[row] ?? 0) + (column[row] ?? 0);
  }
  for (let row = 0; row < result.length; row += 1) result[row] = (result[row] ?? 0) / columns.length;
  return result;
}
