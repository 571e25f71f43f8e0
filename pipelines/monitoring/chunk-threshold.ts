/** Fewer chunks than this say too little about how much a chunk strays (after NannyML's warning). */
export const leastChunks = 6;

/**
 * Mean + 3 standard deviations (denominator n) of a measure over reference chunks, NaN left out: the threshold rule of
 * NannyML's `StandardDeviationThreshold`, upper side only. Null with fewer than `leastChunks` values.
 */
export function chunkThreshold(measures: readonly number[]): number | null {
  const values = measures.filter((value) => Number.isFinite(value));
  if (values.length < leastChunks) return null;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return mean + 3 * Math.sqrt(variance);
}
