/** Rows counted by truth and by what both models decide; only cells that have rows are kept, in ascending order. */
type PairedDecisions = {
  /** Cell of each row. */
  cellOf: Uint32Array;
  counts: Float64Array;
  /** Truth and the two decisions of each cell, as class indices. */
  cells: readonly { truth: number; first: number; second: number }[];
};

/** All three are indices of classes, one per row. */
export function pairDecisions(truths: Float64Array, first: Float64Array, second: Float64Array): PairedDecisions {
  const size = 1 + Math.max(largest(truths), largest(first), largest(second));
  const seen = new Map<number, number>();
  const keys = new Float64Array(truths.length);
  for (let row = 0; row < truths.length; row += 1) {
    const key = ((truths[row] ?? 0) * size + (first[row] ?? 0)) * size + (second[row] ?? 0);
    keys[row] = key;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const ascending = [...seen.keys()].sort((left, right) => left - right);
  const places = new Map(ascending.map((key, place) => [key, place]));
  const cellOf = new Uint32Array(truths.length);
  for (let row = 0; row < truths.length; row += 1) cellOf[row] = places.get(keys[row] ?? 0) ?? 0;
  return {
    cellOf,
    counts: Float64Array.from(ascending, (key) => seen.get(key) ?? 0),
    cells: ascending.map((key) => ({
      truth: Math.floor(key / size / size),
      first: Math.floor(key / size) % size,
      second: key % size,
    })),
  };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, values[at] ?? 0);
  return most;
}
