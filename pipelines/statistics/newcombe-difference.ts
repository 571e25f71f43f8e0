import { wilsonInterval } from './wilson-interval.ts';

/** Counts of one rate. */
export type Proportion = { successes: number; trials: number };

/**
 * Difference `left - right` of two independent rates with Newcombe's hybrid interval (Newcombe 1998, method 10): Wilson's
 * limits of both, squared and added. NaN and null without trials on either side.
 */
export function newcombeDifference(
  left: Proportion,
  right: Proportion,
  level: number,
): { value: number; interval: { low: number; high: number } | null } {
  const [ours, theirs] = [left.successes / left.trials, right.successes / right.trials];
  const value = ours - theirs;
  const [own, other] = [
    wilsonInterval(left.successes, left.trials, level),
    wilsonInterval(right.successes, right.trials, level),
  ];
  if (own === null || other === null) return { value, interval: null };
  return {
    value,
    interval: {
      low: value - Math.hypot(ours - own.low, other.high - theirs),
      high: value + Math.hypot(own.high - ours, theirs - other.low),
    },
  };
}
