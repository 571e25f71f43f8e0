import type { Interval } from '../contracts/common.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Two-sided normal interval around an estimate; `level` is its coverage. */
export function normalInterval(value: number, standardError: number, level: number): Interval {
  const reach = normalQuantile(0.5 + level / 2) * standardError;
  return { low: value - reach, high: value + reach, level };
}
