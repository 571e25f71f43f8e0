/**
 * Squared Jensen-Shannon distance (base 2) that two samples of one distribution over `bins` bins reach by chance alone:
 * mean + 3 standard deviations. To second order the divergence in nats is `(1/n + 1/m) / 8` times a chi-square with
 * `bins - 1` degrees of freedom (from `Σ (p - q)² / p`), whose mean is its degrees of freedom and whose variance is
 * twice that.
 */
export function samplingAllowance(bins: number, rows: number, otherRows: number): number {
  const freedom = Math.max(0, bins - 1);
  return ((freedom + 3 * Math.sqrt(2 * freedom)) * (1 / rows + 1 / otherRows)) / (8 * Math.LN2);
}
