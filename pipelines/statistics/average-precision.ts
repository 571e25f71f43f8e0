import { sortOrder } from './sort-order.ts';

/** A statistic and how much each row pulls it: its standard error is sqrt(mean(influence^2) / rows). */
export type Linearised = { value: number; influence: Float64Array };

/**
 * Average precision, the step sum over distinct scores of (R_k - R_{k-1}) P_k (scikit-learn's
 * `average_precision_score`), with its influence function. With A the value, pi the share of positives and h(t) the
 * precision at threshold t, a row (y, s) pulls by (y (h(s) - A) + g(y, s)) / pi, where g sums over thresholds t <= s
 * what the row does to the precision there. No positives: NaN.
 */
export function averagePrecision(labels: Float64Array, scores: Float64Array, order = sortOrder(scores)): Linearised {
  const rows = labels.length;
  let positives = 0;
  for (let row = 0; row < rows; row += 1) positives += labels[row] ?? 0;
  const share = positives / rows;
  const influence = new Float64Array(rows);
  let truePositives = positives;
  let pulledByPositive = 0;
  let pulledByNegative = 0;
  let value = 0;
  for (let start = 0; start < rows; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let positivesHere = 0;
    for (; end < rows && scores[order[end] ?? 0] === score; end += 1) positivesHere += labels[order[end] ?? 0] ?? 0;
    const selected = rows - start;
    const precision = truePositives / selected;
    value += (positivesHere / positives) * precision;
    pulledByPositive += (positivesHere * (selected - truePositives)) / selected ** 2;
    pulledByNegative -= (positivesHere * truePositives) / selected ** 2;
    for (let at = start; at < end; at += 1) {
      const row = order[at] ?? 0;
      influence[row] = labels[row] === 1 ? (precision + pulledByPositive) / share : pulledByNegative / share;
    }
    truePositives -= positivesHere;
    start = end;
  }
  for (let row = 0; row < rows; row += 1) {
    if (labels[row] === 1) influence[row] = (influence[row] ?? 0) - value / share;
  }
  return { value, influence };
}
