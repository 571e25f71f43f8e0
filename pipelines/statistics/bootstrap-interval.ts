import type { Interval } from '../contracts/common.ts';
import { variance } from './moments.ts';
import { quantile } from './quantile.ts';

/**
 * Interval from bootstrap replicates: the percentiles, or those reflected at the estimate (`2 estimate - percentile`,
 * the basic bootstrap) for statistics that noise pushes one way, such as a calibration error or a largest gap, whose
 * replicates do not centre on the estimate. Undefined replicates (NaN) are left out; null when none is left.
 */
export function bootstrapInterval(
  estimate: number,
  replicates: Float64Array,
  { level, reflected = false }: { level: number; reflected?: boolean },
): (Interval & { standardError: number }) | null {
  const defined = replicates.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length === 0 || Number.isNaN(estimate)) return null;
  const low = quantile(defined, 0.5 - level / 2);
  const high = quantile(defined, 0.5 + level / 2);
  const ends = reflected ? { low: 2 * estimate - high, high: 2 * estimate - low } : { low, high };
  return { ...ends, level, standardError: Math.sqrt(variance(defined)) };
}
