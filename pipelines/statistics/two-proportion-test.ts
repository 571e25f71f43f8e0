import { logGamma } from './log-gamma.ts';
import type { Proportion } from './newcombe-difference.ts';
import { twoSidedP } from './two-sided-p.ts';

/** Expected counts from which on the normal distribution is near enough. */
const ENOUGH = 5;

/**
 * Two-sided p of two independent rates being one: pooled z, or Fisher's exact test where an expected count is under 5.
 * Null when a side has no trials.
 */
export function twoProportionTest(left: Proportion, right: Proportion): number | null {
  if (left.trials === 0 || right.trials === 0) return null;
  const trials = left.trials + right.trials;
  const successes = left.successes + right.successes;
  const least = (Math.min(left.trials, right.trials) * Math.min(successes, trials - successes)) / trials;
  if (least < ENOUGH) return fisherExact(left, right);
  const pooled = successes / trials;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / left.trials + 1 / right.trials));
  return twoSidedP(left.successes / left.trials - right.successes / right.trials, error);
}

/**
 * Fisher's exact test: with both margins fixed, the probability of all tables that are no more likely than the one seen.
 * Equal ones are told apart with a relative tolerance of 1e-7, as scipy and R do.
 */
export function fisherExact(left: Proportion, right: Proportion): number {
  const trials = left.trials + right.trials;
  const successes = left.successes + right.successes;
  const first = Math.max(0, successes - right.trials);
  const last = Math.min(left.trials, successes);
  const whole = logChoose(trials, successes);
  const probability = (k: number) =>
    Math.exp(logChoose(left.trials, k) + logChoose(right.trials, successes - k) - whole);
  const limit = probability(left.successes) * (1 + 1e-7);
  let sum = 0;
  for (let k = first; k <= last; k += 1) {
    const point = probability(k);
    if (point <= limit) sum += point;
  }
  return Math.min(1, sum);
}

function logChoose(of: number, taken: number): number {
  return logGamma(of + 1) - logGamma(taken + 1) - logGamma(of - taken + 1);
}
