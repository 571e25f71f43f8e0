/** Average precision of rows that count `weights` times each; `order` is ascending by score. No positives: NaN. */
export function weightedAveragePrecision(
  labels: Float64Array,
  scores: Float64Array,
  order: Uint32Array,
  weights: Float64Array,
): number {
  let positives = 0;
  let selected = 0;
  let sum = 0;
  for (let end = order.length; end > 0; ) {
    const score = scores[order[end - 1] ?? 0];
    let positivesHere = 0;
    for (; end > 0 && scores[order[end - 1] ?? 0] === score; end -= 1) {
      const row = order[end - 1] ?? 0;
      const weight = weights[row] ?? 0;
      selected += weight;
      positivesHere += weight * (labels[row] ?? 0);
    }
    positives += positivesHere;
    if (positivesHere > 0) sum += positivesHere * (positives / selected);
  }
  return sum / positives;
}
