import { incompleteBeta } from './incomplete-beta.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Upper tail P(T > t) of Student's distribution, without loss of digits far out. */
export function studentSurvival(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  if (t < 0) return 1 - studentSurvival(-t, degreesOfFreedom);
  if (t === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
}

/** The t with P(T <= t) = p, for p in (0, 1): from the normal one by bisection on the exact tail. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  const tail = 1 - p;
  let low = 0;
  let high = Math.max(1, normalQuantile(p));
  while (studentSurvival(high, degreesOfFreedom) > tail) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step += 1) {
    const middle = (low + high) / 2;
    if (studentSurvival(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
