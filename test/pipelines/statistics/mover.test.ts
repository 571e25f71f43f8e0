import { expect, it } from 'vitest';
import { moverDifference, moverRatio } from '../../../pipelines/statistics/mover.ts';
import { newcombeDifference } from '../../../pipelines/statistics/newcombe-difference.ts';
import { wilsonInterval } from '../../../pipelines/statistics/wilson-interval.ts';

const rate = (successes: number, trials: number) => ({
  value: successes / trials,
  ...(wilsonInterval(successes, trials, 0.95) ?? { low: Number.NaN, high: Number.NaN }),
});

it("gives Newcombe's published interval of 56/70 - 48/80", () => {
  const { low, high } = moverDifference(rate(56, 70), rate(48, 80));
  expect([low, high].map((end) => Number(end.toFixed(4)))).toEqual([0.0524, 0.3339]);
  const { interval } = newcombeDifference({ successes: 56, trials: 70 }, { successes: 48, trials: 80 }, 0.95);
  expect(interval?.low).toBeCloseTo(low, 12);
  expect(interval?.high).toBeCloseTo(high, 12);
});

it('gives a ratio that holds its value, from 0 upwards, without an upper end where the divisor may be 0', () => {
  const { low, high } = moverRatio(rate(30, 100), rate(60, 100));
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(moverRatio(rate(0, 100), rate(60, 100)).low).toBe(0);
  expect(moverRatio(rate(30, 100), rate(0, 100)).high).toBe(Number.POSITIVE_INFINITY);
});
