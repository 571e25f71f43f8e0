import { normalSurvival } from './normal-survival.ts';

/**
 * The z with P(Z <= z) = p; infinite at 0 and 1, NaN outside. A rational start (Abramowitz & Stegun 26.2.23, off by at
 * most 4.5e-4) and Halley steps on the exact tail, which triple the correct digits each time.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return upperQuantile(1 - p);
  return -upperQuantile(p);
}

function upperQuantile(tail: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  if (tail === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step += 1) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (normalSurvival(z) - tail) / density;
    z += newton / (1 - (newton * z) / 2);
  }
  return z;
}
