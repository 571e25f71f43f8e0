import { expect, test } from 'vitest';
import { binomialTail } from '../../../pipelines/rollout/binomial-tail.ts';

test.each([
  [0, 10, 0.05, 1],
  [11, 10, 0.05, 0],
  [1, 10, 0.05, 1 - 0.95 ** 10],
  [10, 10, 0.05, 0.05 ** 10],
  [2, 8, 0.05, 1 - 0.95 ** 8 - 8 * 0.05 * 0.95 ** 7],
])('P(X >= %i) of %i trials at %d is %d', (successes, trials, share, expected) => {
  expect(binomialTail(successes, trials, share)).toBeCloseTo(expected, 12);
});

test('does not underflow with many trials', () => {
  expect(binomialTail(2500, 50_000, 0.05)).toBeCloseTo(0.5, 1);
});
