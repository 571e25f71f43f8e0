import { describe, expect, test } from 'vitest';
import { compareMetrics } from '../../../pipelines/comparison/compare-metrics.ts';
import { type CompareOptions, defaultOptions } from '../../../pipelines/comparison/compare-options.ts';
import { type Delta, deltaSchema } from '../../../pipelines/contracts/comparison.ts';
import { metricNameSchema, type Task, taskSchema } from '../../../pipelines/contracts/evaluation.ts';
import {
  binaryRows,
  type JudgedRows,
  multiclassRows,
  multilabelRows,
  regressionRows,
} from '../../../pipelines/evaluation/judged-rows.ts';
import { measureMetrics } from '../../../pipelines/evaluation/measure-metric.ts';
import { metricsOfTask } from '../../../pipelines/evaluation/metric-catalogue.ts';
import { type Random, seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

const rows = 240;
const classes = ['a', 'b', 'c'];
const options: CompareOptions = { ...defaultOptions, resamples: 200 };
type Make = (order: readonly number[], side: 'base' | 'head') => JudgedRows;

/** Two models of one task, of which the second one knows more; `order` says which rows stand where. */
function twoModels(task: Task): Make {
  const random = seededRandom(11);
  const column = (make: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => make(row));
  const labels = column(() => Math.floor(random() * (task === 'multiclass' ? 3 : 2)));
  const truths = classes.map(() => column(() => Number(random() < 0.4)));
  const numbers = column(() => 3 + 10 * random());
  const queries = column((row) => Math.floor(row / 6));
  const scoresOf = (knows: number) => ({
    one: labels.map((label) => guess(label, knows, random)),
    several: classes.map((_, at) =>
      column((row) =>
        guess(task === 'multilabel' ? (truths[at]?.[row] ?? 0) : Number(labels[row] === at), knows, random),
      ),
    ),
    number: numbers.map((value) => value + (random() - 0.5) * (6 - 4 * knows)),
  });
  const sides = { base: scoresOf(0.3), head: scoresOf(0.6) };
  return (order, side) => {
    const pick = (values: Float64Array) => Float64Array.from(order, (row) => values[row] ?? Number.NaN);
    const { one, several, number } = sides[side];
    switch (task) {
      case 'binary':
        return binaryRows(pick(labels), pick(one), { threshold: 0.5 });
      case 'multiclass':
        return multiclassRows(pick(labels), shares(several.map(pick)), { classes });
      case 'multilabel':
        return multilabelRows(truths.map(pick), several.map(pick), { classes, threshold: 0.5 });
      case 'regression':
        return regressionRows(pick(numbers), pick(number));
      case 'ranking':
        return { task, labels: pick(labels), scores: pick(one), queries: pick(queries) };
    }
  };
}

/** Of every row, so that they sum to 1. */
function shares(columns: readonly Float64Array[]): Float64Array[] {
  const sum = (row: number) => columns.reduce((total, column) => total + (column[row] ?? 0) + 0.01, 0);
  return columns.map((column) => column.map((score, row) => (score + 0.01) / sum(row)));
}

/** A probability, rounded so that there are ties. */
function guess(label: number, knows: number, random: Random): number {
  return Math.round(50 * (knows * label + (1 - knows) * random())) / 50;
}

const inOrder = Array.from({ length: rows }, (_, row) => row);
const turned = inOrder.toReversed();
/** Lower is -high and so on; -0 is 0. */
const negative = ({ value, low, high, p, standardError }: Delta) => ({
  value: 0 - value,
  low: 0 - high,
  high: 0 - low,
  p,
  standardError,
});

describe.each(taskSchema.options)('every metric of task %s', (task) => {
  const make = twoModels(task);
  const names = metricsOfTask(task).map((name) => metricNameSchema.parse(name));
  const [base, head] = [make(inOrder, 'base'), make(inOrder, 'head')];
  const deltas = compareMetrics(names, base, head, options);
  const each = names.map((name, at) => ({ name, delta: deltas[at] ?? null }));

  test('is the difference of what both evaluations say, with an interval, a p and an n', () => {
    const [before, after] = [measureMetrics(names, base), measureMetrics(names, head)];
    each.forEach(({ name, delta }, at) => {
      const [left, right] = [before[at]?.value ?? null, after[at]?.value ?? null];
      if (left === null || right === null || delta === null) throw new Error(`${name} is undefined`);
      expect(deltaSchema.parse(delta)).toEqual(delta);
      expect(delta.value, name).toBeCloseTo(right - left, 9);
      expect(delta.low, name).toBeLessThanOrEqual(delta.high);
      expect(delta.p, name).toBeGreaterThanOrEqual(0);
      expect(delta.n, name).toBe(task === 'ranking' ? measureMetrics([name], base)[0]?.n : rows);
      expect(
        delta.tests?.some(({ p }) => p === delta.p),
        name,
      ).toBe(true);
    });
  });

  test('negates to the last digit when base and head are swapped', () => {
    compareMetrics(names, head, base, options).forEach((swapped, at) => {
      const { name, delta } = each[at] ?? {};
      if (delta == null || swapped === null) throw new Error(`${name} is undefined`);
      expect(swapped, name).toMatchObject(negative(delta));
    });
  });

  test('does not depend on the order of rows', () => {
    compareMetrics(names, make(turned, 'base'), make(turned, 'head'), options).forEach((other, at) => {
      const { name, delta } = each[at] ?? {};
      for (const part of ['value', 'low', 'high', 'p', 'standardError'] as const) {
        expect(other?.[part], `${name} ${part}`).toBeCloseTo(delta?.[part] ?? Number.NaN, 9);
      }
    });
  });

  test('finds a copy neither better nor worse', () => {
    compareMetrics(names, base, make(inOrder, 'base'), options).forEach((copy, at) => {
      expect(copy, names[at]).toMatchObject({ value: 0, low: 0, high: 0, p: 1, standardError: 0 });
    });
  });

  test('says the same with the same seed', () => {
    expect(compareMetrics(names, base, head, options)).toEqual(deltas);
  });
});

describe('rows that belong together', () => {
  const make = twoModels('binary');
  /** Every row eight times: they say no more than once. */
  const eightfold = inOrder.flatMap((row) => Array(8).fill(row));
  const of = Uint32Array.from(eightfold, (row) => row);
  const names = ['roc_auc', 'pr_auc', 'log_loss', 'accuracy', 'f1', 'ece'] as const;
  const [base, head] = [make(eightfold, 'base'), make(eightfold, 'head')];
  const drawn = { ...defaultOptions, resamples: 1000 };
  const once = compareMetrics(names, make(inOrder, 'base'), make(inOrder, 'head'), drawn);
  const cluster = { by: 'customer', of, count: rows };

  test('are drawn together, so that repeating rows makes nothing surer', () => {
    const together = compareMetrics(names, base, head, { ...drawn, cluster });
    const apart = compareMetrics(names, base, head, drawn);
    names.forEach((name, at) => {
      const [alone, grouped, naive] = [once[at], together[at], apart[at]].map(
        (delta) => delta?.standardError ?? Number.NaN,
      );
      expect((grouped ?? 0) / (alone ?? 1), name).toBeGreaterThan(0.85);
      expect((grouped ?? 0) / (alone ?? 1), name).toBeLessThan(1.15);
      expect((naive ?? 0) / (alone ?? 1), name).toBeLessThan(0.6);
      expect(together[at], name).toMatchObject({
        n: rows,
        method: `paired bootstrap of groups of customer, 1000 draws, ${name === 'ece' ? 'normal' : 'BCa'}`,
      });
      expect(together[at]?.value, name).toBeCloseTo(once[at]?.value ?? Number.NaN, 9);
    });
  });
});

describe('what cannot be told', () => {
  const labels = Float64Array.of(0, 1, 1, 0, 1);
  const scores = Float64Array.of(0.2, 0.7, 0.6, 0.4, 0.9);

  test('one class has no area, one row no interval', () => {
    const ones = binaryRows(
      labels.map(() => 1),
      scores,
      { threshold: 0.5 },
    );
    const other = binaryRows(
      labels.map(() => 1),
      scores.toReversed(),
      { threshold: 0.5 },
    );
    expect(compareMetrics(['roc_auc', 'pr_auc'], ones, other, options)).toEqual([null, null]);
    const row = (score: number) => binaryRows(Float64Array.of(1), Float64Array.of(score), { threshold: 0.5 });
    expect(compareMetrics(['log_loss', 'brier'], row(0.2), row(0.7), options)).toEqual([null, null]);
  });

  test('a loss that is infinite for a row', () => {
    const below = regressionRows(
      labels,
      scores.map((score) => score - 5),
    );
    expect(compareMetrics(['msle'], below, regressionRows(labels, scores), options)).toEqual([null]);
  });

  test('decisions that nobody made', () => {
    const numbers = scores.map((score) => 10 * score);
    const rowsOf = (values: Float64Array) => binaryRows(labels, values, { threshold: null });
    expect(compareMetrics(['accuracy', 'f1'], rowsOf(numbers), rowsOf(numbers.toReversed()), options)).toEqual([
      null,
      null,
    ]);
  });
});

test('more rows than a bootstrap can look at are compared without it, to the same end', () => {
  const many = 90_000;
  const random = seededRandom(3);
  const labels = Float64Array.from({ length: many }, () => Math.floor(random() * 3));
  const scoresOf = (knows: number) =>
    classes.map((_, at) => labels.map((label) => guess(Number(label === at), knows, random)));
  const [base, head] = [0.3, 0.32].map((knows) => multiclassRows(labels, scoresOf(knows), { classes }));
  if (base === undefined || head === undefined) throw new Error('no rows');
  const [area] = compareMetrics(['roc_auc'], base, head, { ...defaultOptions, resamples: 2000 });
  expect(area?.method).toBe('paired linearisation');
  const few = compareMetrics(['roc_auc'], base, head, { ...defaultOptions, resamples: 100 })[0];
  expect(few?.method).toBe('paired bootstrap of rows, 100 draws, BCa');
  expect(Math.abs((few?.standardError ?? 0) / (area?.standardError ?? 1) - 1)).toBeLessThan(0.3);
});
