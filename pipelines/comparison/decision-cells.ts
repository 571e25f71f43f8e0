import type { Confusion } from '../statistics/confusion.ts';

/**
 * Rows of each group counted by label and by both models' decisions: all that a rate of either model, or their
 * difference, needs. The cell of a row is its label, base's decision and head's decision as three bits; labels and
 * decisions are 0 or 1. Without a base its bit is 0.
 */
export function countDecisions(
  labels: Float64Array,
  base: Float64Array | null,
  head: Float64Array,
  grouping: { codes: Float64Array; groups: number },
): Float64Array[] {
  const counts = Array.from({ length: grouping.groups }, () => new Float64Array(8));
  for (let row = 0; row < labels.length; row += 1) {
    const group = counts[grouping.codes[row] ?? 0];
    const cell = 4 * (labels[row] ?? 0) + (base === null ? 0 : 2 * (base[row] ?? 0)) + (head[row] ?? 0);
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
