import { describe, expect, test } from 'vitest';
import { averagePrecision } from '../../../pipelines/statistics/average-precision.ts';
import {
  accuracy,
  confusion,
  f1,
  falsePositiveRate,
  recall,
  selectionRate,
} from '../../../pipelines/statistics/confusion.ts';
import { delongComponents } from '../../../pipelines/statistics/delong-components.ts';
import { logGamma } from '../../../pipelines/statistics/log-gamma.ts';
import { mcnemar } from '../../../pipelines/statistics/mcnemar.ts';
import { mean } from '../../../pipelines/statistics/moments.ts';
import { rSquared } from '../../../pipelines/statistics/r-squared.ts';
import { rootMeanSquaredError } from '../../../pipelines/statistics/root-mean-squared-error.ts';
import { absoluteErrors, logLosses, squaredErrors } from '../../../pipelines/statistics/row-losses.ts';
import { wilsonInterval } from '../../../pipelines/statistics/wilson-interval.ts';

const values = (...numbers: number[]) => Float64Array.from(numbers);

describe('values published by scikit-learn', () => {
  const labels = values(0, 0, 1, 1);
  const scores = values(0.1, 0.4, 0.35, 0.8);

  test('area under the ROC curve', () => expect(delongComponents(labels, scores).auc).toBe(0.75));
  test('average precision', () => expect(averagePrecision(labels, scores).value).toBeCloseTo(0.8333333333333333, 12));
  test('log loss', () =>
    expect(mean(logLosses(values(1, 0, 0, 1), values(0.9, 0.1, 0.2, 0.65)))).toBeCloseTo(0.2161618746805791, 12));
  test('Brier score, the mean of (p - y)^2', () =>
    expect(mean(squaredErrors(values(0, 1, 1, 0), values(0.1, 0.9, 0.8, 0.3)))).toBeCloseTo(0.0375, 12));
  test('TN, FP, FN, TP', () =>
    expect(confusion(values(0, 1, 0, 1), values(1, 1, 1, 0), 0.5)).toEqual({ tn: 0, fp: 2, fn: 1, tp: 1 }));

  test('mean absolute, root mean squared error and R2', () => {
    const truth = values(3, -0.5, 2, 7);
    const predicted = values(2.5, 0, 2, 8);
    expect(mean(absoluteErrors(truth, predicted))).toBe(0.5);
    expect(rootMeanSquaredError(truth, predicted).value).toBeCloseTo(0.6123724357, 9);
    expect(rSquared(truth, predicted).value).toBeCloseTo(0.948608137, 9);
  });

  test.each([
    [values(1, 2, 3), values(1, 2, 3), 1],
    [values(1, 2, 3), values(2, 2, 2), 0],
    [values(1, 2, 3), values(3, 2, 1), -3],
    [values(-2, -2, -2), values(-2, -2, -2), 1],
    [values(-2, -2, -2), values(-2, -2, -2 + 1e-8), 0],
  ])('R2 at its edges', (truth, predicted, wanted) => expect(rSquared(truth, predicted).value).toBeCloseTo(wanted, 12));
});

describe("McNemar's test as in statsmodels and mlxtend", () => {
  test.each([
    [121, 59, 4.43444926375551e-6, 3.2666467958e-6],
    [70, 59, 0.378688, 0.3346877587],
    [80, 59, 0.089452, 0.0755508288],
    [30, 60, 0.0020602657, 0.0015165132],
    [10, 30, 0.0022214337, 0.001450491],
    [10, 10, 1, 1],
    [0, 0, 1, 1],
  ])('%d against %d', (onlyBase, onlyHead, exact, midP) => {
    const seen = mcnemar(onlyBase, onlyHead);
    expect(Math.abs(seen.exact / exact - 1)).toBeLessThan(exact < 1e-5 ? 1e-9 : 5e-6);
    expect(Math.abs(seen.midP / midP - 1)).toBeLessThan(1e-7);
    expect(mcnemar(onlyHead, onlyBase)).toEqual(seen);
  });

  test('half a million disagreements neither overflow nor take long', () => {
    expect(mcnemar(250_000, 251_500).exact).toBeCloseTo(0.0343, 3);
  });
});

describe("Fairlearn's documentation example", () => {
  const labels = [...'011110101000111111'].map(Number);
  const decisions = [...'001011100111100110'].map(Number);
  const groups = [...'bbabbcccaacabccbcc'];
  const of = (group: string | null) => {
    const kept = groups.flatMap((name, row) => (group === null || name === group ? [row] : []));
    return confusion(
      Float64Array.from(kept, (row) => labels[row] ?? 0),
      Float64Array.from(kept, (row) => decisions[row] ?? 0),
      0.5,
    );
  };

  test.each([
    [null, { tp: 6, fp: 4, fn: 6, tn: 2 }, 0.5, 4 / 6, 10 / 18],
    ['a', { tp: 1, fp: 2, fn: 1, tn: 0 }, 0.5, 1, 0.75],
    ['b', { tp: 3, fp: 0, fn: 2, tn: 1 }, 0.6, 0, 0.5],
    ['c', { tp: 2, fp: 2, fn: 3, tn: 1 }, 0.4, 2 / 3, 0.5],
  ])('group %s', (group, counts, tpr, fpr, selected) => {
    const seen = of(group);
    expect(seen).toEqual(counts);
    expect(recall(seen)).toBeCloseTo(tpr, 12);
    expect(falsePositiveRate(seen)).toBeCloseTo(fpr, 12);
    expect(selectionRate(seen)).toBeCloseTo(selected, 12);
  });

  test('a rate without a denominator is undefined, never 0', () => {
    expect(falsePositiveRate({ tp: 1, fp: 0, fn: 2, tn: 0 })).toBeNaN();
  });
});

test('accuracy and F1 from counts', () => {
  expect(accuracy({ tp: 1, fp: 1, fn: 0, tn: 1 })).toBeCloseTo(2 / 3, 12);
  expect(f1({ tp: 2, fp: 1, fn: 1, tn: 0 })).toBeCloseTo(2 / 3, 12);
});

test("Wilson's interval: half-widths of the sample-size table, and the ends", () => {
  const interval = wilsonInterval(70, 100, 0.95);
  expect(interval?.low).toBeCloseTo(0.6041515, 6);
  expect(interval?.high).toBeCloseTo(0.7810511, 6);
  expect(wilsonInterval(0, 10, 0.95)?.low).toBe(0);
  expect(wilsonInterval(10, 10, 0.95)?.high).toBe(1);
  expect(wilsonInterval(0, 0, 0.95)).toBeNull();
});

test('logarithm of the gamma function', () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
  expect(logGamma(100)).toBeCloseTo(359.1342053695754, 10);
  expect(logGamma(-1)).toBeNaN();
});
