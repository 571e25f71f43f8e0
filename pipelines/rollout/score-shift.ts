import type { ScoreHistogram } from '../contracts/observation.ts';
import { PulltrainError } from '../errors.ts';

export type ScoreShift = {
  /** Population stability index `Σ (p - q) ln(p / q)` with half a row added to every bin. */
  psi: number;
  /**
   * What chance alone makes of it on average: to second order the index is `Σ (p - q)² / m`, whose mean without any
   * shift is `Σ (var p + var q) / m`. Variances take requests as the unit of sampling (ratio estimator for clusters,
   * Cochran 1977, 11.9), because rows of one request resemble each other. Infinite with fewer than two requests.
   */
  noise: number;
};

/** How far the scores of one variant lie from those of another that was served at the same time. */
export function scoreShift(reference: ScoreHistogram, current: ScoreHistogram): ScoreShift {
  if (JSON.stringify(reference.edges) !== JSON.stringify(current.edges)) {
    throw new PulltrainError('bins-differ', { what: 'two distributions can be compared over the same bins only' });
  }
  const [rows, otherRows] = [total(reference.counts), total(current.counts)];
  let psi = 0;
  let noise = 0;
  for (const [bin, count] of reference.counts.entries()) {
    const other = current.counts[bin] ?? 0;
    if (count + other === 0) continue;
    const p = (count + 0.5) / (rows + 0.5 * reference.counts.length);
    const q = (other + 0.5) / (otherRows + 0.5 * current.counts.length);
    psi += (p - q) * Math.log(p / q);
    noise += (variance(reference, bin, rows) + variance(current, bin, otherRows)) / ((p + q) / 2);
  }
  return { psi, noise };
}

/** Variance of the share of one bin. */
function variance(histogram: ScoreHistogram, bin: number, rows: number): number {
  const requests = histogram.requests;
  if (requests < 2 || rows === 0) return Number.POSITIVE_INFINITY;
  const share = (histogram.counts[bin] ?? 0) / rows;
  const squares =
    (histogram.countsSquared[bin] ?? 0) -
    2 * share * (histogram.countsTimesRows[bin] ?? 0) +
    share ** 2 * histogram.rowsSquared;
  return ((Math.max(0, squares) / rows ** 2) * requests) / (requests - 1);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
