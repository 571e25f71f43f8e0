import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distinctError,
  estimateDistinct,
  mergeRegisters,
  registerCount,
  registersOf,
} from '../../../../pipelines/data/profile/hyper-log-log.ts';
import { seededRandom } from '../../../../pipelines/statistics/seeded-random.ts';

/** Hashes of `count` distinct values, as the engine gives them: the register and the least rest it saw. */
function hashes(count: number, seed: number): { index: number; rest: number }[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    index: Math.floor(random() * registerCount),
    rest: Math.floor(random() * 2 ** 26) * 2 ** 26 + Math.floor(random() * 2 ** 26),
  }));
}

describe('a sketch of distinct values', () => {
  it.each([0, 1, 10, 1000, 10_000, 12_000, 300_000])('estimates %i within four standard errors', (count) => {
    const estimate = estimateDistinct(registersOf(hashes(count, count + 1)));
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(count * 4 * distinctError + 0.5);
  });

  it('folds to what one look at the whole would have found, in any order', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), fc.integer({ min: 0, max: 1000 }), (one, other, seed) => {
        const [left, right] = [hashes(one, seed), hashes(other, seed + 1)];
        const whole = registersOf([...left, ...right]);
        expect(mergeRegisters(registersOf(left), registersOf(right))).toBe(whole);
        expect(mergeRegisters(registersOf(right), registersOf(left))).toBe(whole);
        expect(mergeRegisters(whole, whole)).toBe(whole);
      }),
      { numRuns: 15 },
    );
  });

  it('counts the zeros before the first one, from none to all', () => {
    const letters = [2 ** 51, 2 ** 52 - 1, 2 ** 50, 2 ** 32, 2 ** 31, 1, 0].map(
      (rest) => registersOf([{ index: 0, rest }])[0],
    );
    expect(letters).toEqual(['B', 'B', 'C', 'U', 'V', '0', '1']);
  });

  it('refuses registers of another size', () => {
    expect(() => mergeRegisters('AA', 'A')).toThrow(/two sizes/);
  });
});
