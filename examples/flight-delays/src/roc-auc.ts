/**
 * Chance that a random positive row scores above a random negative one, ties counting half (Mann-Whitney). NaN when one
 * of the two classes has no rows.
 */
export function rocAuc(labels: Uint8Array, scores: Float64Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    let tiedPositives = 0;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[begin] ?? 0])
      tiedPositives += labels[order[end++] ?? 0] ?? 0;
    positives += tiedPositives;
    // Ranks count from 1; equal scores share the mean of theirs.
    rankSum += (tiedPositives * (begin + 1 + end)) / 2;
    begin = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
