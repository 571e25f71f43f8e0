import type { Random } from './seeded-random.ts';

/** One draw of the standard normal distribution (Box & Muller 1958). */
export function standardNormal(random: Random): number {
  // 1 - u lies in (0, 1], whose logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
