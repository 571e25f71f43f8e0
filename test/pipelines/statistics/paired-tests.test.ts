import { describe, expect, test } from 'vitest';
import { delongComponents } from '../../../pipelines/statistics/delong-components.ts';
import { delongDifference } from '../../../pipelines/statistics/delong-difference.ts';
import { holm } from '../../../pipelines/statistics/holm.ts';
import { incompleteBeta } from '../../../pipelines/statistics/incomplete-beta.ts';
import { mcnemar } from '../../../pipelines/statistics/mcnemar.ts';
import { pairedMeanDifference } from '../../../pipelines/statistics/paired-mean-difference.ts';
import { squaredErrors } from '../../../pipelines/statistics/row-losses.ts';
import { studentQuantile, studentSurvival } from '../../../pipelines/statistics/student-t.ts';
import { wilcoxonSignedRank } from '../../../pipelines/statistics/wilcoxon-signed-rank.ts';

const relative = (seen: number, wanted: number) => Math.abs(seen / wanted - 1);
const values = (...numbers: number[]) => Float64Array.from(numbers);

describe("McNemar's test, every form, as in statsmodels and mlxtend", () => {
  test.each([
    [
      121, 59, 59, 4.43444926375551e-6, 20.672222222222221, 5.450094825427117e-6, 21.355555555555554,
      3.8151358651125936e-6, 3.2666467958e-6,
    ],
    [70, 59, 59, 0.378688, 0.7751938, 0.3786151, 0.9379845, 0.3327967, 0.3346877587],
    [80, 59, 59, 0.089452, 2.87769784, 0.08981434, 3.17266187, 0.07488031, 0.0755508288],
    [30, 60, 30, 0.0020602657, 9.3444444444, 0.0022366244, 10, 0.0015654023, 0.0015165132],
    [10, 30, 10, 0.0022214337, 9.025, 0.0026631193, 10, 0.0015654023, 0.001450491],
  ])('%d against %d', (b, c, least, exact, corrected, correctedP, plain, plainP, midP) => {
    const seen = mcnemar(b, c);
    expect(seen.least).toBe(least);
    // As many digits as the projects print.
    const digits = exact < 1e-5 ? 1e-9 : 5e-6;
    expect(relative(seen.exact, exact)).toBeLessThan(digits);
    expect(relative(seen.corrected.statistic, corrected)).toBeLessThan(digits);
    expect(relative(seen.corrected.p, correctedP)).toBeLessThan(digits);
    expect(relative(seen.chiSquared.statistic, plain)).toBeLessThan(digits);
    expect(relative(seen.chiSquared.p, plainP)).toBeLessThan(digits);
    expect(relative(seen.midP, midP)).toBeLessThan(1e-7);
    expect(mcnemar(c, b)).toEqual(seen);
  });

  test('as many one way as the other is no difference, and the correction does not make one', () => {
    expect(mcnemar(10, 10)).toEqual({
      least: 10,
      exact: 1,
      midP: expect.closeTo(1, 12),
      chiSquared: { statistic: 0, p: 1 },
      corrected: { statistic: 0, p: 1 },
    });
  });

  test('no disagreement at all', () => {
    const none = { statistic: 0, p: 1 };
    expect(mcnemar(0, 0)).toEqual({ least: 0, exact: 1, midP: 1, chiSquared: none, corrected: none });
  });
});

describe('DeLong', () => {
  // Two models on sixteen rows with ties within a class, between classes, and across both; from midranks in SciPy.
  const labels = values(0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1);
  const base = values(0.1, 0.4, 0.35, 0.8, 0.6, 0.3, 0.7, 0.7, 0.2, 0.5, 0.9, 0.5, 0.3, 0.4, 0.8, 0.55);
  const head = values(0.2, 0.6, 0.35, 0.4, 0.7, 0.3, 0.8, 0.65, 0.1, 0.5, 0.9, 0.2, 0.5, 0.35, 0.6, 0.75);
  const [before, after] = [delongComponents(labels, base), delongComponents(labels, head)];

  test('with ties: areas, difference, standard error and p', () => {
    const { value, standardError, p } = delongDifference(before, after);
    expect(before.auc).toBeCloseTo(0.7380952380952381, 14);
    expect(after.auc).toBeCloseTo(0.9523809523809523, 14);
    expect(value).toBeCloseTo(0.2142857142857142, 14);
    expect(relative(standardError, 0.11589747513103359)).toBeLessThan(1e-12);
    expect(relative(p, 0.0644686742645737)).toBeLessThan(1e-12);
  });

  test('equal curves of different scores: no difference, p 1', () => {
    const stretched = delongComponents(
      labels,
      base.map((score) => score ** 3),
    );
    expect(delongDifference(before, stretched)).toEqual({ value: 0, standardError: 0, p: 1 });
  });

  test("paired t and Wilcoxon's signed ranks of their squared errors, as in SciPy", () => {
    const [left, right] = [squaredErrors(labels, base), squaredErrors(labels, head)];
    const { value, t, p, standardError, degreesOfFreedom } = pairedMeanDifference(left, right);
    expect(value).toBeCloseTo(-0.0796875, 14);
    expect(relative(t, -2.195541839164195)).toBeLessThan(1e-12);
    expect(relative(p, 0.044270528883660544)).toBeLessThan(1e-10);
    expect(value - studentQuantile(0.975, degreesOfFreedom) * standardError).toBeCloseTo(-0.15704876118482602, 12);
    expect(wilcoxonSignedRank(left, right)).toEqual({ statistic: 11.5, p: expect.closeTo(0.030919460197507687, 12) });
  });
});

describe("Wilcoxon's signed ranks", () => {
  test('few pairs without ties are tested exactly', () => {
    const before = values(1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3);
    const after = values(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29);
    expect(wilcoxonSignedRank(before, after)).toEqual({ statistic: 5, p: 0.0390625 });
    expect(pairedMeanDifference(after, before).t).toBeCloseTo(3.0353754156485917, 10);
    expect(pairedMeanDifference(after, before).p).toBeCloseTo(0.016176627434908088, 12);
  });

  test('many pairs with ties and equal ones are not', () => {
    const off = Float64Array.from({ length: 60 }, (_, at) => Math.round(Math.sin(at) * 5 + 0.7));
    const seen = wilcoxonSignedRank(new Float64Array(60), off);
    expect(seen.statistic).toBe(599);
    expect(relative(seen.p, 0.04603720523282975)).toBeLessThan(1e-10);
  });

  test('nothing differs', () => {
    expect(wilcoxonSignedRank(values(1, 2), values(1, 2))).toEqual({ statistic: 0, p: 1 });
  });
});

describe("Student's distribution", () => {
  test.each([
    [0.5, 3, 0.3257239824240755],
    [2, 1, 0.14758361765043326],
    [2.5, 10, 0.01572342211830441],
    [1.96, 7213, 0.025017117625655613],
    [30, 50, 6.190011397993622e-34],
    [6.5, 100_000, 4.034801205833736e-11],
    [-1.2, 4, 0.8518243033438233],
  ])('beyond %d with %d degrees of freedom', (t, degrees, tail) => {
    expect(relative(studentSurvival(t, degrees), tail)).toBeLessThan(1e-9);
  });

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 10, 2.228138851986274],
    [0.975, 7213, 1.9602929270863725],
    [0.6, 3, 0.2766706623326898],
    [0.025, 5, -2.5705818356363155],
    [0.9995, 30, 3.6459586350420627],
  ])('quantile %d with %d degrees of freedom', (p, degrees, t) => {
    expect(relative(studentQuantile(p, degrees), t)).toBeLessThan(1e-9);
  });

  test('its ends', () => {
    expect(studentSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(studentSurvival(0, 3)).toBe(0.5);
    expect(studentSurvival(Number.NaN, 3)).toBeNaN();
    expect(studentQuantile(0.5, 7)).toBe(0);
  });

  test('comes from the incomplete beta function', () => {
    expect(relative(incompleteBeta(0.3, 2, 5), 0.579825)).toBeLessThan(1e-12);
    expect(relative(incompleteBeta(0.9, 0.5, 0.5), 0.7951672353008665)).toBeLessThan(1e-12);
    expect(relative(incompleteBeta(0.01, 100, 3), 5.049505e-197)).toBeLessThan(1e-7);
    expect(incompleteBeta(0.5, 1000, 1000)).toBeCloseTo(0.5, 9);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3), incompleteBeta(2, 2, 3)]).toEqual([0, 1, Number.NaN]);
  });
});

describe("Holm's correction", () => {
  const adjusted = (ps: number[]) => holm(ps, 0.05).map((step) => Number(step.adjusted.toFixed(12)));

  test('as in statsmodels, in the order of the question', () => {
    expect(adjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(adjusted([0.5, 0.6, 0.1, 0.001])).toEqual([1, 1, 0.3, 0.004]);
    expect(adjusted([0.2])).toEqual([0.2]);
    expect(holm([], 0.05)).toEqual([]);
  });

  test('an adjusted p below alpha is a p below alpha / divisor, also after the descent has stopped', () => {
    const ps = [0.011, 0.03, 0.02, 0.2, 0.004];
    holm(ps, 0.05).forEach(({ adjusted: after, divisor }, at) => {
      expect(after < 0.05).toBe((ps[at] ?? 1) < 0.05 / divisor);
    });
  });
});
