import type { Moments } from '../../contracts/data-profile.ts';

/**
 * Moments of both parts together, by the pairwise update of Chan, Golub and LeVeque (1979); null where values are too great to
 * be squared.
 */
export function mergeMoments(left: Moments | null, right: Moments | null): Moments | null {
  if (left === null || right === null) return null;
  const n = left.n + right.n;
  if (left.n === 0 || right.n === 0) return left.n === 0 ? right : left;
  const apart = right.mean - left.mean;
  const mean = left.mean + (apart * right.n) / n;
  const m2 = left.m2 + right.m2 + (apart * apart * left.n * right.n) / n;
  return Number.isFinite(mean) && Number.isFinite(m2) ? { n, mean, m2 } : null;
}

/** Sample standard deviation; null of fewer than two values. */
export function standardDeviation({ n, m2 }: Moments): number | null {
  return n < 2 ? null : Math.sqrt(m2 / (n - 1));
}
