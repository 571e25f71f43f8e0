import { describe, expect, test } from 'vitest';
import { scoreShift } from '../../../pipelines/rollout/score-shift.ts';
import { histogram, spread } from './observe.ts';

describe('score shift', () => {
  test('equal histograms do not differ', () => {
    expect(scoreShift(histogram(spread(10, 20)), histogram(spread(10, 20))).psi).toBe(0);
  });

  test('is the textbook index but for half a row in every bin', () => {
    const [left, right] = [histogram([[0.12, 0.12, 0.12, 0.72]]), histogram([[0.12, 0.72, 0.72, 0.72]])];
    const [p, q] = [3.5 / 14, 1.5 / 14];
    expect(scoreShift(left, right).psi).toBeCloseTo(2 * (p - q) * Math.log(p / q), 12);
  });

  test('noise of single-row requests is that of a multinomial sample', () => {
    const rows = Array.from({ length: 200 }, (_, index) => [index % 2 === 0 ? 0.12 : 0.72]);
    // Two bins of one half each: Σ 2 p(1-p)/n / p = 2/n, and n/(n-1) for the estimated variance.
    expect(scoreShift(histogram(rows), histogram(rows)).noise).toBeCloseTo(2 * (2 / 200) * 0.5 * (200 / 199), 3);
  });

  test('rows that come in like-minded requests count as requests', () => {
    const alike = Array.from({ length: 10 }, (_, index) =>
      Array.from({ length: 50 }, () => (index % 2 === 0 ? 0.12 : 0.72)),
    );
    const mixed = Array.from({ length: 10 }, () =>
      Array.from({ length: 50 }, (_, row) => (row % 2 === 0 ? 0.12 : 0.72)),
    );
    expect(scoreShift(histogram(alike), histogram(alike)).noise).toBeGreaterThan(0.1);
    expect(scoreShift(histogram(mixed), histogram(mixed)).noise).toBeCloseTo(0, 12);
  });

  test('nothing can be said of the spread of one request', () => {
    expect(scoreShift(histogram(spread(1, 20)), histogram(spread(9, 20))).noise).toBe(Number.POSITIVE_INFINITY);
  });

  test('other bins are refused', () => {
    const wide = { ...histogram([[0.5]]), edges: [0.5], counts: [0, 1] };
    expect(() => scoreShift(histogram([[0.5]]), wide)).toThrow(expect.objectContaining({ code: 'bins-differ' }));
  });
});
