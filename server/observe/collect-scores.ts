import type { ScoreHistogram } from '../../pipelines/contracts/observation.ts';

export type ScoreCollector = { add(scores: ArrayLike<number>): void; read(): ScoreHistogram };

/** Twenty bins of [0, 1], for scores that are probabilities. */
export const probabilityEdges: readonly number[] = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);

/** Counts scores request by request between ascending edges. */
export function collectScores(edges: readonly number[]): ScoreCollector {
  const empty = () => Array.from({ length: edges.length + 1 }, () => 0);
  const [counts, countsSquared, countsTimesRows] = [empty(), empty(), empty()];
  let [missing, requests, rowsSquared] = [0, 0, 0];
  return {
    add(scores) {
      const own = empty();
      let rows = 0;
      for (let row = 0; row < scores.length; row += 1) {
        const score = scores[row] ?? Number.NaN;
        if (!Number.isFinite(score)) {
          missing += 1;
          continue;
        }
        const bin = binOf(score, edges);
        own[bin] = (own[bin] ?? 0) + 1;
        rows += 1;
      }
      if (rows === 0) return;
      requests += 1;
      rowsSquared += rows * rows;
      for (const [bin, count] of own.entries()) {
        counts[bin] = (counts[bin] ?? 0) + count;
        countsSquared[bin] = (countsSquared[bin] ?? 0) + count * count;
        countsTimesRows[bin] = (countsTimesRows[bin] ?? 0) + count * rows;
      }
    },
    read: () => ({
      edges: [...edges],
      counts: [...counts],
      missing,
      requests,
      countsSquared: [...countsSquared],
      countsTimesRows: [...countsTimesRows],
      rowsSquared,
    }),
  };
}

/** Bin i covers (edges[i-1], edges[i]]. */
export function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (edges[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return low;
}
