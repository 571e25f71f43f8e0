import type { Interval } from '../contracts/common.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Wilson's score interval for a rate `successes / trials` (Wilson 1927); null without trials. */
export function wilsonInterval(successes: number, trials: number, level: number): Interval | null {
  if (trials === 0) return null;
  const z = normalQuantile(0.5 + level / 2);
  const rate = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / shrink;
  const reach = (z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials))) / shrink;
  return {
    low: successes === 0 ? 0 : centre - reach,
    high: successes === trials ? 1 : centre + reach,
    level,
  };
}
