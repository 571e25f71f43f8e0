import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricName } from '../../../pipelines/contracts/evaluation.ts';
import { metricNameSchema } from '../../../pipelines/contracts/evaluation.ts';
import {
  binaryRows,
  type JudgedRows,
  multiclassRows,
  multilabelRows,
  partRows,
  regressionRows,
  rowCount,
} from '../../../pipelines/evaluation/judged-rows.ts';
import { makeCurves } from '../../../pipelines/evaluation/make-curves.ts';
import { measureMetrics } from '../../../pipelines/evaluation/measure-metric.ts';
import { metricsOfTask } from '../../../pipelines/evaluation/metric-catalogue.ts';
import { probabilityBins } from '../../../pipelines/evaluation/reliability-bins.ts';
import { explainedVariance } from '../../../pipelines/statistics/explained-variance.ts';
import { mean } from '../../../pipelines/statistics/moments.ts';
import { rSquared } from '../../../pipelines/statistics/r-squared.ts';
import { squaredLogErrors } from '../../../pipelines/statistics/row-losses.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

const values = (...numbers: number[]) => Float64Array.from(numbers);
const columns = (...rows: number[][]) =>
  (rows[0] ?? []).map((_, column) => Float64Array.from(rows, (row) => row[column] ?? 0));
const none = { resamples: 0 };

function measured(name: MetricName, rows: JudgedRows): number | null {
  return measureMetrics([name], rows, none)[0]?.value ?? null;
}
const decided = (truth: number[], decision: number[]) =>
  binaryRows(values(...truth), values(...decision), { threshold: 0.5 });
const classified = (truth: number[], decision: number[], classes = 3) =>
  multiclassRows(values(...truth), [], {
    classes: Array.from({ length: classes }, (_, index) => String(index)),
    decisions: values(...decision),
  });

/** Docstrings of scikit-learn 1.9.1, in full digits where recomputed. */
describe('values published by scikit-learn', () => {
  const binary = binaryRows(values(0, 0, 1, 1), values(0.1, 0.4, 0.35, 0.8), { threshold: 0.5 });
  const spam = binaryRows(values(1, 0, 0, 1), values(0.9, 0.1, 0.2, 0.65), { threshold: 0.5 });
  const brier = binaryRows(values(0, 1, 1, 0), values(0.1, 0.9, 0.8, 0.3), { threshold: 0.5 });
  const foods = multiclassRows(values(0, 1, 2), columns([0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]), {
    classes: ['eggs', 'ham', 'spam'],
  });
  const sixRows = columns(
    [0.7, 0.2, 0.1],
    [0.4, 0.3, 0.3],
    [0.1, 0.8, 0.1],
    [0.2, 0.3, 0.5],
    [0.4, 0.4, 0.2],
    [0.1, 0.2, 0.7],
  );
  const six = multiclassRows(values(0, 0, 1, 1, 2, 2), sixRows, { classes: ['a', 'b', 'c'] });
  const f1Rows = classified([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]);
  const sentiments = classified([0, 1, 0, 2, 1], [0, 1, 0, 2, 0]);
  const numbers = regressionRows(values(3, -0.5, 2, 7), values(2.5, 0, 2, 8));

  test.each<[string, MetricName, JudgedRows, number]>([
    ['area', 'roc_auc', binary, 0.75],
    ['average precision', 'pr_auc', binary, 0.8333333333333333],
    ['average precision of classes', 'pr_auc', six, 0.7777777777777778],
    ['log loss', 'log_loss', spam, 0.2161618746805791],
    ['Brier', 'brier', brier, 0.0375],
    ['Brier of thresholded scores', 'brier', decided([0, 1, 1, 0], [0, 1, 1, 0]), 0],
    ['Brier of classes', 'brier', foods, 0.14666666666666667],
    ['MCC', 'mcc', decided([1, 1, 1, 0], [1, 0, 1, 1]), -1 / 3],
    ['kappa', 'kappa', sentiments, 0.6875],
    ['F1, macro', 'f1', f1Rows, 0.26666666666666666],
    ['F1, micro', 'f1_micro', f1Rows, 1 / 3],
    ['F1, weighted', 'f1_weighted', f1Rows, 0.26666666666666666],
    ['precision, macro', 'precision', f1Rows, 0.2222222222222222],
    ['precision, micro', 'precision_micro', f1Rows, 1 / 3],
    ['recall, macro', 'recall', f1Rows, 1 / 3],
    ['recall, micro', 'recall_micro', f1Rows, 1 / 3],
    ['balanced accuracy', 'balanced_accuracy', decided([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]), 0.625],
    ['Jaccard', 'jaccard', decided([0, 1, 1], [1, 1, 1]), 2 / 3],
    ['Jaccard of classes', 'jaccard', classified([0, 1, 2, 2], [0, 2, 1, 2]), (1 + 0 + 1 / 3) / 3],
    ['Hamming', 'hamming_loss', classified([2, 2, 3, 4], [1, 2, 3, 4], 5), 0.25],
    ['mean absolute error', 'mae', numbers, 0.5],
    ['mean squared error', 'mse', numbers, 0.375],
    ['its root', 'rmse', numbers, 0.6123724356957945],
    ['R2', 'r2', numbers, 0.9486081370449679],
    ['MAPE', 'mape', numbers, 0.3273809523809524],
    ['explained variance', 'explained_variance', numbers, 0.9571734475374732],
    ['median absolute error', 'median_ae', numbers, 0.5],
    [
      'MAPE with a truth of 0',
      'mape',
      regressionRows(values(1, 0, 2.4, 7), values(1.2, 0.1, 2.4, 8)),
      112589990684262.48,
    ],
    ['MSLE', 'msle', regressionRows(values(3, 5, 2.5, 7), values(2.5, 5, 4, 8)), 0.03973012298459379],
    ['largest error', 'max_error', regressionRows(values(3, 2, 7, 1), values(4, 2, 7, 1)), 1],
    ['R2 of a perfect line', 'r2', regressionRows(values(1, 2, 3), values(1, 2, 3)), 1],
    ['R2 of the mean', 'r2', regressionRows(values(1, 2, 3), values(2, 2, 2)), 0],
    ['R2 of the reverse', 'r2', regressionRows(values(1, 2, 3), values(3, 2, 1)), -3],
    ['pinball .1 below', 'pinball@0.1', regressionRows(values(1, 2, 3), values(0, 2, 3)), 0.1 / 3],
    ['pinball .1 above', 'pinball@0.1', regressionRows(values(1, 2, 3), values(1, 2, 4)), 0.3],
    ['pinball .1 on it', 'pinball@0.1', regressionRows(values(1, 2, 3), values(1, 2, 3)), 0],
    ['pinball .9 below', 'pinball@0.9', regressionRows(values(1, 2, 3), values(0, 2, 3)), 0.3],
    ['pinball .9 above', 'pinball@0.9', regressionRows(values(1, 2, 3), values(1, 2, 4)), 0.1 / 3],
  ])('%s', (_, name, rows, wanted) => expect(measured(name, rows)).toBeCloseTo(wanted, wanted > 1e6 ? 0 : 12));

  test.each<[MetricName, number[], number[], number]>([
    ['ndcg', [10, 0, 0, 1, 5], [0.1, 0.2, 0.3, 4, 70], 0.6956940443813076],
    ['ndcg', [10, 0, 0, 1, 5], [0.05, 1.1, 1, 0.5, 0], 0.4936801914],
    ['ndcg@4', [10, 0, 0, 1, 5], [0.05, 1.1, 1, 0.5, 0], 0.3520241101],
    ['ndcg@1', [10, 0, 0, 1, 5], [1, 0, 0, 0, 1], 0.75],
    ['ndcg@4', [10, 0, 0, 1, 5], [10, 0, 0, 1, 5], 1],
  ])('%s of one query, ties shared', (name, relevance, scores, wanted) => {
    const labels = values(...relevance);
    const rows: JudgedRows = { task: 'ranking', labels, scores: values(...scores), queries: labels.map(() => 0) };
    expect(measured(name, rows)).toBeCloseTo(wanted, 9);
  });

  test('top-2 accuracy, also of scores that do not add up to 1', () => {
    const scores = columns([0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]);
    const rows = multiclassRows(values(0, 1, 2, 2), scores, { classes: ['0', '1', '2'] });
    expect(measureMetrics(['top_k@2', 'log_loss'], rows, none)).toMatchObject([
      { value: 0.75, n: 4 },
      { value: null, reason: 'the scores are no probabilities: those of a row do not add up to 1' },
    ]);
  });

  test('confusion matrix', () => {
    const { classes, counts } = confusionOf([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]);
    expect(classes).toEqual(['0', '1', '2']);
    expect(counts).toEqual([
      [2, 0, 0],
      [0, 0, 1],
      [1, 0, 2],
    ]);
  });

  test('several outputs, each measured by itself and averaged', () => {
    const truth = columns([0.5, 1], [-1, 1], [7, -6]);
    const predicted = columns([0, 2], [-1, 2], [8, -5]);
    const each = (name: MetricName) =>
      truth.map((own, at) => measured(name, regressionRows(own, predicted[at] ?? own)) ?? 0);
    const average = ([left = 0, right = 0]: number[], weights = [0.5, 0.5]) =>
      left * (weights[0] ?? 0) + right * (weights[1] ?? 0);
    expect(each('mae')).toEqual([0.5, 1]);
    expect(average(each('mae'))).toBe(0.75);
    expect(average(each('mae'), [0.3, 0.7])).toBeCloseTo(0.85, 12);
    expect(average(each('mse'))).toBeCloseTo(0.7083333333, 9);
    expect(average(each('mse'), [0.3, 0.7])).toBeCloseTo(0.825, 9);
    expect(average(each('rmse'))).toBeCloseTo(0.8227486121839513, 9);
    expect(average(each('mape'))).toBeCloseTo(0.5515873015873016, 9);
    expect(average(each('mape'), [0.3, 0.7])).toBeCloseTo(0.6198412698, 9);
    expect(average(each('median_ae'))).toBe(0.75);
    expect(average(each('explained_variance'))).toBeCloseTo(0.9838709677419355, 9);
    // Weighted by the variance of each output.
    const spread = truth.map((own) => own.reduce((sum, value) => sum + (value - mean(own)) ** 2, 0));
    const total = spread.reduce((sum, value) => sum + value, 0);
    expect(
      average(
        each('r2'),
        spread.map((value) => value / total),
      ),
    ).toBeCloseTo(0.9382566585956417, 9);
  });

  test('calibration curve: where the bins have rows, mean score and share of positives', () => {
    const bins = probabilityBins(values(0, 0, 0, 0, 1, 1, 1, 1, 1), values(0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1));
    // The published example has three bins; ours are a fifth of those, and each lies in one of them.
    const merged = [0, 1, 2].map((third) => {
      const own = bins.filter(({ from }) => Math.floor(from * 3 + 1e-9) === third);
      const n = own.reduce((sum, bin) => sum + bin.n, 0);
      const of = (pick: 'predicted' | 'observed') => own.reduce((sum, bin) => sum + bin.n * bin[pick], 0) / n;
      return [of('predicted'), of('observed')];
    });
    expect(merged.flat().map((value) => Number(value.toFixed(12)))).toEqual([0.2, 0, 0.525, 0.5, 0.85, 1]);
  });

  test('constant truth: finite by force in the statistic, undefined in an evaluation', () => {
    const constant = values(-2, -2, -2);
    const off = values(-2, -2, -2 + 1e-8);
    expect([rSquared(constant, constant).value, rSquared(constant, off).value]).toEqual([1, 0]);
    expect([explainedVariance(constant, constant).value, explainedVariance(constant, off).value]).toEqual([1, 0]);
    expect(measureMetrics(['r2', 'explained_variance'], regressionRows(constant, off))).toMatchObject([
      { value: null, reason: 'the truth is the same in all rows' },
      { value: null, reason: 'the truth is the same in all rows' },
    ]);
  });

  test('F1 of rows that are all negative is undefined, never 0', () => {
    const rows = decided([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]);
    expect(measureMetrics(['f1', 'precision', 'recall', 'roc_auc', 'mcc', 'kappa', 'pr_auc'], rows)).toMatchObject(
      Array.from({ length: 7 }, () => ({ value: null, interval: null, reason: expect.stringMatching(/./) })),
    );
  });

  test('logarithms of numbers below -1 are none', () => {
    expect(squaredLogErrors(values(1, -1), values(-2, 3))).toEqual(values(Number.NaN, Number.NaN));
  });
});

function confusionOf(truth: number[], decision: number[]) {
  const { confusion } = makeCurves(classified(truth, decision));
  return confusion ?? { classes: [], counts: [] };
}

/** Rows of every task, of `n` rows, drawn with a seed. */
function drawn(task: JudgedRows['task'], n: number, seed: number): JudgedRows {
  const random = seededRandom(seed);
  const many = (of: () => number) => Float64Array.from({ length: n }, of);
  const codes = (count: number) => many(() => Math.floor(random() * count));
  switch (task) {
    case 'binary':
      return binaryRows(
        codes(2),
        many(() => Math.round(random() * 50) / 50),
        { threshold: 0.5 },
      );
    case 'multiclass': {
      const raw = [many(random), many(random), many(random)];
      const scores = raw.map((column) =>
        column.map((value, row) => value / raw.reduce((sum, own) => sum + (own[row] ?? 0), 0)),
      );
      return multiclassRows(codes(3), scores, { classes: ['a', 'b', 'c'] });
    }
    case 'multilabel':
      return multilabelRows([codes(2), codes(2)], [many(random), many(random)], {
        classes: ['a', 'b'],
        threshold: 0.5,
      });
    case 'regression':
      return regressionRows(
        many(() => random() * 10),
        many(() => random() * 10),
      );
    case 'ranking':
      return { task, labels: codes(4), scores: codes(5), queries: codes(Math.max(1, Math.floor(n / 5))) };
  }
}

const tasks = ['binary', 'multiclass', 'multilabel', 'regression', 'ranking'] as const;
const namesOf = (task: JudgedRows['task']) => metricsOfTask(task).map((name) => metricNameSchema.parse(name));

describe.each(tasks)('every metric of task %s', (task) => {
  test('stays what it is when the rows change places, interval included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const rows = drawn(task, n, seed);
        const random = seededRandom(seed + 1);
        const order = Array.from({ length: n }, (_, row) => [random(), row] as const)
          .sort(([left], [right]) => left - right)
          .map(([, row]) => row);
        // Rows as groups of one, put together in another order.
        const shuffled = reordered(rows, order);
        const options = { resamples: 50 };
        const [before, after] = [
          measureMetrics(namesOf(task), rows, options),
          measureMetrics(namesOf(task), shuffled, options),
        ];
        before.forEach((one, at) => {
          const other = after[at];
          expect(other?.n).toBe(one.n);
          near(other?.value ?? null, one.value);
          near(other?.interval?.low ?? null, one.interval?.low ?? null);
          near(other?.interval?.high ?? null, one.interval?.high ?? null);
        });
      }),
      { numRuns: 15 },
    );
  });

  test('has an interval around its value, or says why there is none', () => {
    const rows = drawn(task, 200, 7);
    for (const { name, value, interval, reason } of measureMetrics(namesOf(task), rows)) {
      if (value === null) expect(reason, name).toMatch(/./);
      else if (name !== 'max_error') {
        expect(interval, name).not.toBeNull();
        if (name === 'ece') continue; // Reflected: noise pushes the estimate up, and the interval down from it.
        expect(interval?.low, name).toBeLessThanOrEqual(value);
        expect(interval?.high, name).toBeGreaterThanOrEqual(value);
      }
    }
  });

  test('gives for a slice what it gives for these rows alone', () => {
    const rows = drawn(task, 120, 3);
    const codes = Float64Array.from({ length: 120 }, (_, row) => row % 3);
    const parts = partRows(rows, 3, codes);
    expect(parts.map(rowCount)).toEqual([40, 40, 40]);
    parts.forEach((part, code) => {
      const own = Array.from({ length: 40 }, (_, at) => at * 3 + code);
      const alone = measureMetrics(namesOf(task), reordered(rows, own), none);
      measureMetrics(namesOf(task), part, none).forEach((one, at) => {
        near(one.value, alone[at]?.value ?? null);
      });
    });
  });
});

function near(found: number | null, wanted: number | null): void {
  if (found === null || wanted === null) expect(found).toBe(wanted);
  else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
}

/** The given rows in the given order, made anew from their values. */
function reordered(rows: JudgedRows, order: readonly number[]): JudgedRows {
  const pick = (column: Float64Array) => Float64Array.from(order, (row) => column[row] ?? 0);
  switch (rows.task) {
    case 'binary':
      return binaryRows(pick(rows.labels), pick(rows.scores), { threshold: rows.threshold });
    case 'multiclass':
      return multiclassRows(pick(rows.labels), rows.scores.map(pick), { classes: rows.classes });
    case 'multilabel':
      return multilabelRows(rows.labels.map(pick), rows.scores.map(pick), { classes: rows.classes, threshold: 0.5 });
    case 'regression':
      return regressionRows(pick(rows.labels), pick(rows.scores));
    case 'ranking':
      return { task: 'ranking', labels: pick(rows.labels), scores: pick(rows.scores), queries: pick(rows.queries) };
  }
}
