import { expect, it } from 'vitest';
import { normalRangeQuantile } from '../../../pipelines/statistics/normal-range-quantile.ts';

// The last row of every table of the studentised range.
it.each([
  [2, 0.95, 2.772],
  [3, 0.95, 3.314],
  [5, 0.95, 3.858],
  [10, 0.95, 4.474],
  [20, 0.95, 5.012],
  [10, 0.99, 5.157],
])('gives the upper point of the range of %i values at %d', (count, level, quantile) => {
  expect(normalRangeQuantile(count, level)).toBeCloseTo(quantile, 3);
});
