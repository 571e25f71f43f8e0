import { observedQuantiles } from './choose-grid.ts';
import type { FeatureColumns, Predictor } from './predictor.ts';
import { takeColumns } from './take-columns.ts';

export type AccumulatedEffects = {
  /** Edges of the intervals: observed quantiles from the smallest value to the largest. */
  at: number[];
  /** edges x outputs, centred so that the mean over the rows is 0. */
  effects: Float64Array;
};

/**
 * Accumulated local effects of one numeric input (Apley & Zhu 2020, eq. 15 and 16): within each interval the mean change
 * of the answers of the rows that lie in it when the input goes from its lower to its upper edge, added up from the
 * left. Rows stay close to where they are, so inputs that move together are never torn apart.
 */
export async function accumulatedEffects(
  columns: FeatureColumns,
  feature: string,
  intervals: number,
  predictor: Predictor,
): Promise<AccumulatedEffects> {
  const column = columns[feature];
  if (!(column instanceof Float64Array)) return { at: [], effects: new Float64Array() };
  const at = observedQuantiles(column, { from: 0, to: 1, most: intervals + 1 });
  const width = predictor.outputs.length;
  if (at.length < 2) return { at, effects: new Float64Array(at.length * width) };

  const rows = Uint32Array.from([...column.keys()].filter((row) => Number.isFinite(column[row])));
  const bins = Uint32Array.from(rows, (row) => binOf(column[row] ?? 0, at));
  const near = takeColumns(columns, rows);
  const edge = (side: 0 | 1) => Float64Array.from(bins, (bin) => at[bin + side] ?? 0);
  const lower = await predictor.predict({ ...near, [feature]: edge(0) });
  const upper = await predictor.predict({ ...near, [feature]: edge(1) });

  const counts = new Float64Array(at.length - 1);
  const sums = new Float64Array(counts.length * width);
  bins.forEach((bin, row) => {
    counts[bin] = (counts[bin] ?? 0) + 1;
    for (let output = 0; output < width; output += 1) {
      const change = (upper[row * width + output] ?? 0) - (lower[row * width + output] ?? 0);
      sums[bin * width + output] = (sums[bin * width + output] ?? 0) + change;
    }
  });
  return { at, effects: accumulate(sums, counts, width) };
}

/** (z_0, z_1] is the first interval, with z_0 itself; then (z_1, z_2] and so on. */
function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle + 1] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function accumulate(sums: Float64Array, counts: Float64Array, width: number): Float64Array {
  const effects = new Float64Array((counts.length + 1) * width);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  for (let output = 0; output < width; output += 1) {
    let centre = 0;
    counts.forEach((count, bin) => {
      const before = effects[bin * width + output] ?? 0;
      const step = count === 0 ? 0 : (sums[bin * width + output] ?? 0) / count;
      effects[(bin + 1) * width + output] = before + step;
      centre += ((before + before + step) / 2) * (count / rows);
    });
    for (let edge = 0; edge <= counts.length; edge += 1) {
      effects[edge * width + output] = (effects[edge * width + output] ?? 0) - centre;
    }
  }
  return effects;
}
