import { expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../pipelines/statistics/benjamini-hochberg.ts';
import { fisherExact, twoProportionTest } from '../../../pipelines/statistics/two-proportion-test.ts';

const of = (successes: number, trials: number) => ({ successes, trials });

it.each([
  [of(8, 10), of(1, 6), 0.03496503496503495],
  [of(3, 10), of(0, 12), 0.07792207792207792],
  [of(1, 10), of(11, 14), 0.0027594561852200836],
])("gives Fisher's exact p of %o and %o as scipy does", (left, right, p) => {
  expect(fisherExact(left, right)).toBeCloseTo(p, 10);
});

it('takes the exact test where an expected count is under 5', () => {
  expect(twoProportionTest(of(8, 10), of(1, 6))).toBe(fisherExact(of(8, 10), of(1, 6)));
});

it('gives the pooled z where every expected count is at least 5, 1 for equal rates, and nothing without trials', () => {
  expect(twoProportionTest(of(1, 10), of(11, 14))).toBeCloseTo(0.000925274, 8);
  expect(twoProportionTest(of(50, 100), of(125, 200))).toBeCloseTo(0.038434, 6);
  expect(twoProportionTest(of(50, 100), of(100, 200))).toBe(1);
  expect(twoProportionTest(of(0, 0), of(100, 200))).toBeNull();
});

it('adjusts p-values for the false discovery rate', () => {
  expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
  expect(benjaminiHochberg([])).toEqual([]);
});
