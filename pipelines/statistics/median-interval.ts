import type { Interval } from '../contracts/common.ts';
import { normalQuantile } from './normal-quantile.ts';

/**
 * Interval of a median from values in ascending order, whatever their distribution: the order statistics between which
 * it lies by the sign test, with the normal approximation of Binomial(n, 1/2) (Conover 1999, section 3.2). Null below six
 * values, where not even the extremes reach 95 %.
 */
export function medianInterval(sorted: Float64Array, level: number): Interval | null {
  const n = sorted.length;
  if (n < 6) return null;
  const reach = (normalQuantile(0.5 + level / 2) * Math.sqrt(n)) / 2;
  const below = Math.max(0, Math.ceil(n / 2 - reach) - 1);
  const above = Math.min(n - 1, Math.ceil(n / 2 + reach) - 1);
  return { low: sorted[below] ?? Number.NaN, high: sorted[above] ?? Number.NaN, level };
}
