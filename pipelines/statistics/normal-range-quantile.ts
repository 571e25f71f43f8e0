import { normalCdf } from './normal-cdf.ts';

/**
 * Quantile of the range (largest - smallest) of `count` independent standard normal values: the studentised range with
 * known variance, which Tukey's comparison of all pairs rests on. P(range <= q) = k E[(Phi(Z) - Phi(Z - q))^(k - 1)] by the
 * trapezoidal rule, inverted by bisection. `count` is at least 2, `level` in 0..1.
 */
export function normalRangeQuantile(count: number, level: number): number {
  const points = Array.from({ length: STEPS + 1 }, (_, at) => {
    const z = -REACH + at * STEP;
    return { z, below: normalCdf(z), weight: (STEP * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI) };
  });
  const probability = (range: number) =>
    count *
    points.reduce((sum, { z, below, weight }) => sum + weight * (below - normalCdf(z - range)) ** (count - 1), 0);
  let [low, high] = [0, 20];
  while (high - low > 1e-8) {
    const middle = (low + high) / 2;
    if (probability(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The density is below 1e-16 beyond; for so smooth a function the rule is exact to rounding. */
const REACH = 8.5;
const STEPS = 100;
const STEP = (2 * REACH) / STEPS;
