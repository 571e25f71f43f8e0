import { expect, test } from 'vitest';
import { chiSquaredSurvival } from '../../../pipelines/statistics/chi-squared-survival.ts';

test.each([
  // SciPy 1.x, scipy.stats.chi2.sf
  [3.841459, 1, 0.04999999465319563],
  [0.5, 1, 0.47950012218695337],
  [18.30704, 10, 0.04999996986350316],
  [124.3421, 100, 0.05000008460135852],
  [1, 3, 0.8012519569012009],
  [300, 200, 5.924540335483916e-6],
  [2100, 2000, 0.05867111137731806],
  [50, 2, 1.3887943864964e-11],
  [0.001, 0.5, 0.8350402492315872],
])('P(X > %d) with %d degrees of freedom', (x, degrees, expected) => {
  expect(chiSquaredSurvival(x, degrees) / expected).toBeCloseTo(1, 9);
});

test('at the ends', () => {
  expect(chiSquaredSurvival(0, 3)).toBe(1);
  expect(chiSquaredSurvival(-1, 3)).toBe(1);
  expect(chiSquaredSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(chiSquaredSurvival(1, 0)).toBe(0);
  expect(chiSquaredSurvival(Number.NaN, 1)).toBeNaN();
  expect(chiSquaredSurvival(1, -1)).toBeNaN();
});
