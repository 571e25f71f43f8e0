/**
 * Normalised discounted cumulative gain of one query (Järvelin & Kekäläinen 2002): gains are the relevances themselves, the
 * discount is 1 / log2(rank + 1), only the first `k` ranks count. Rows with one score share the mean gain of their ranks
 * (McSherry & Najork 2008), as in scikit-learn. NaN when no row has a relevance above 0.
 */
export function normalisedGain(relevance: Float64Array, scores: Float64Array, k = relevance.length): number {
  // A row by itself is always in its place; slices leave many queries with one.
  if (relevance.length === 1) return (relevance[0] ?? 0) > 0 ? 1 : Number.NaN;
  const ideal = relevance.toSorted().reverse();
  let best = 0;
  for (let rank = 0; rank < Math.min(k, ideal.length); rank += 1) best += (ideal[rank] ?? 0) * discount(rank);
  return tiedGain(relevance, scores, k) / best;
}

function tiedGain(relevance: Float64Array, scores: Float64Array, k: number): number {
  const order = Array.from(scores.keys()).sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
  let gain = 0;
  for (let start = 0; start < Math.min(k, order.length); ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let sum = 0;
    let discounts = 0;
    for (; end < order.length && scores[order[end] ?? 0] === score; end += 1) {
      sum += relevance[order[end] ?? 0] ?? 0;
      if (end < k) discounts += discount(end);
    }
    gain += (sum / (end - start)) * discounts;
    start = end;
  }
  return gain;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}
