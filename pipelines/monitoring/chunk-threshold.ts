/** Fewer values than this have no spread worth the name. */
const leastValues = 3;

/**
 * Mean + 3 standard deviations (denominator n) of a measure over reference chunks, NaN left out: the threshold rule of
 * NannyML's `StandardDeviationThreshold`, upper side only. Null with fewer than three values.
 */
export function chunkThreshold(measures: readonly number[]): number | null {
  const values = measures.filter((value) => Number.isFinite(value));
  if (values.length < leastValues) return null;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return mean + 3 * Math.sqrt(variance);
}
