import type { FeatureColumn } from './predictor.ts';

/** Values of one input along which answers are looked at. */
export type Grid = { type: 'number'; values: number[] } | { type: 'text'; values: string[] };

/**
 * Of numbers the quantiles from 5 % to 95 %, each an observed value (so that an integer input stays one) and each once; of
 * texts the commonest, commonest first. `most` at most; empty where nothing was observed.
 */
export function chooseGrid(column: FeatureColumn, most: number): Grid {
  if (!(column instanceof Float64Array)) return { type: 'text', values: commonest(column, most) };
  return { type: 'number', values: observedQuantiles(column, { from: 0.05, to: 0.95, most }) };
}

/** Distinct observed values at even steps of rank between two quantiles, ascending. Missing values have no rank. */
export function observedQuantiles(
  column: Float64Array,
  { from, to, most }: { from: number; to: number; most: number },
): number[] {
  const sorted = column.filter(Number.isFinite).sort();
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
  const ranks = Array.from({ length: most }, (_, step) => from + ((to - from) * step) / Math.max(1, most - 1));
  return [...new Set(ranks.map(at))].filter((value) => value !== undefined);
}

function commonest(column: readonly string[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([left, few], [right, many]) => many - few || (left < right ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value);
}
