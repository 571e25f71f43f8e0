import type { ScoredRows } from '../evaluation/scored-rows.ts';
import type { Confusion } from '../statistics/confusion.ts';

/**
 * Rows of each group counted by label and by both models' decisions: all that a rate of either model, or their
 * difference, needs. The cell of a row is its label, base's decision and head's decision as three bits.
 */
export function countDecisions(
  base: ScoredRows,
  head: ScoredRows,
  grouping: { codes: Float64Array; groups: number } | null = null,
): Float64Array[] {
  const counts = Array.from({ length: grouping?.groups ?? 1 }, () => new Float64Array(8));
  const { labels } = head;
  for (let row = 0; row < labels.length; row += 1) {
    const before = (base.scores[row] ?? 0) >= base.threshold ? 2 : 0;
    const after = (head.scores[row] ?? 0) >= head.threshold ? 1 : 0;
    const cell = (labels[row] === 1 ? 4 : 0) + before + after;
    const group = counts[grouping?.codes[row] ?? 0];
    if (group !== undefined) group[cell] = (group[cell] ?? 0) + 1;
  }
  return counts;
}

export function baseConfusion(counts: Float64Array): Confusion {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = counts;
  return { tn: a + b, fp: c + d, fn: e + f, tp: g + h };
}

export function headConfusion(counts: Float64Array): Confusion {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = counts;
  return { tn: a + c, fp: b + d, fn: e + g, tp: f + h };
}
