/** Buckets `from` to `to`, both inclusive. */
export type Chunk = { from: number; to: number };

/** A reference that holds fewer windows side by side than this says too little about how much one strays. */
const leastWindows = 6;

/**
 * Cuts the reference into stretches as long as the window that will be watched, one starting at every bucket. Overlap
 * adds smoothness and no information, so a reference shorter than six windows (NannyML warns below six chunks) gives
 * none. Stretches with less than half the usual rows tell about a gap in the data, and are left out.
 */
export function planChunks(rowsByBucket: ReadonlyMap<number, number>, length: number): Chunk[] {
  if (rowsByBucket.size === 0) return [];
  const first = Math.min(...rowsByBucket.keys());
  const last = Math.max(...rowsByBucket.keys());
  if (last - first + 1 < leastWindows * length) return [];
  const candidates: (Chunk & { rows: number })[] = [];
  for (let from = first; from + length - 1 <= last; from += 1) {
    const to = from + length - 1;
    let rows = 0;
    for (let bucket = from; bucket <= to; bucket += 1) rows += rowsByBucket.get(bucket) ?? 0;
    candidates.push({ from, to, rows });
  }
  const usual = median(candidates.map(({ rows }) => rows));
  return candidates.filter(({ rows }) => rows > 0 && rows >= usual / 2).map(({ from, to }) => ({ from, to }));
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
