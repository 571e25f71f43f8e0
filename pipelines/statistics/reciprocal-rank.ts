/**
 * 1 / rank of the first relevant row of one query (relevance above 0); its expectation over the orders of tied rows.
 * NaN when no row is relevant.
 */
export function reciprocalRank(relevance: Float64Array, scores: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  relevance.forEach((value, row) => {
    if (value > 0) top = Math.max(top, scores[row] ?? top);
  });
  if (top === Number.NEGATIVE_INFINITY) return Number.NaN;
  let above = 0;
  let tied = 0;
  let relevant = 0;
  scores.forEach((score, row) => {
    if (score > top) above += 1;
    if (score === top) tied += 1;
    if (score === top && (relevance[row] ?? 0) > 0) relevant += 1;
  });
  // Drawn one by one without putting back: the chance that the first relevant one comes at this place.
  let stillNone = 1;
  let expected = 0;
  for (let place = 0; place <= tied - relevant; place += 1) {
    const hit = relevant / (tied - place);
    expected += (stillNone * hit) / (above + place + 1);
    stillNone *= 1 - hit;
  }
  return expected;
}
