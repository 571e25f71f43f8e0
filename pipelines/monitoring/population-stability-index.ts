/** Share that stands in for an empty bin; without one the index is infinite. Printed wherever the index is. */
export const emptyShare = 0.0001;

/**
 * Population stability index `Σ (p − q) ln(p / q)`, zero shares filled with `emptyShare`. Depends on the bins and on the
 * fill, so it informs and decides nothing. NaN when either side is empty.
 */
export function populationStabilityIndex(reference: readonly number[], current: readonly number[]): number {
  const referenceTotal = reference.reduce((total, count) => total + count, 0);
  const currentTotal = current.reduce((total, count) => total + count, 0);
  if (referenceTotal === 0 || currentTotal === 0) return Number.NaN;
  return reference.reduce((index, count, bin) => {
    const p = count === 0 ? emptyShare : count / referenceTotal;
    const other = current[bin] ?? 0;
    const q = other === 0 ? emptyShare : other / currentTotal;
    return index + (p - q) * Math.log(p / q);
  }, 0);
}
