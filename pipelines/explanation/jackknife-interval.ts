import type { Interval } from '../contracts/common.ts';
import { variance } from '../statistics/moments.ts';
import { studentQuantile } from '../statistics/student-t.ts';

/**
 * Interval of an estimate from what it is with each of some independent blocks left out: the delete-a-group jackknife (Kott
 * 2001) with Student's t of one degree less than there are blocks. Null for fewer than 3 blocks and undefined values.
 */
export function jackknifeInterval(value: number, leftOut: Float64Array, level: number): Interval | null {
  const blocks = leftOut.length;
  if (blocks < 3 || !Number.isFinite(value) || leftOut.some((one) => !Number.isFinite(one))) return null;
  const standardError = Math.sqrt(((blocks - 1) ** 2 / blocks) * variance(leftOut));
  const reach = studentQuantile(0.5 + level / 2, blocks - 1) * standardError;
  return { low: value - reach, high: value + reach, level };
}
