import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../../pipelines/statistics/normal-cdf.ts';
import { normalQuantile } from '../../../pipelines/statistics/normal-quantile.ts';
import { normalSurvival } from '../../../pipelines/statistics/normal-survival.ts';

const relative = (seen: number, wanted: number) => Math.abs(seen / wanted - 1);

describe('the standard normal', () => {
  test.each([
    [0, 0.5],
    [1, 0.15865525393145705],
    [1.959963984540054, 0.025],
    [2.5, 0.006209665325776132],
    [3, 0.0013498980316300946],
    [5, 2.866515718791939e-7],
    [9, 1.12858840595384e-19],
    [30, 4.90671392714819e-198],
  ])('survival at %d', (z, wanted) => {
    expect(relative(normalSurvival(z), wanted)).toBeLessThan(1e-12);
    expect(relative(normalCdf(-z), wanted)).toBeLessThan(1e-12);
  });

  test('survival is smooth where the method changes', () => {
    expect(relative(normalSurvival(2.5 - 1e-12), normalSurvival(2.5))).toBeLessThan(1e-11);
  });

  test.each([
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.8, 0.8416212335729143],
    [0.5, 0],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0471],
  ])('quantile at %d', (p, wanted) => {
    const slack = p === 1e-300 ? 1e-4 : 1e-12;
    expect(Math.abs(normalQuantile(p) - wanted)).toBeLessThan(slack);
  });

  test('quantile and cdf undo each other', () => {
    for (let p = 0.001; p < 1; p += 0.013) expect(relative(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-13);
  });

  test('outside 0 to 1 there is no quantile, at the ends it is infinite', () => {
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalSurvival(Number.POSITIVE_INFINITY)).toBe(0);
  });
});
