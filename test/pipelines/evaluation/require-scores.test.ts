import { describe, expect, test } from 'vitest';
import { requireOrder, requireScores } from '../../../pipelines/evaluation/require-scores.ts';

const own = null;
const two = ['a', 'b'];
const check = (task: 'binary' | 'multiclass' | 'multilabel' | 'regression', ...scores: number[][]) => {
  const columns = scores.map((column) => Float64Array.from(column));
  requireScores(columns, { task }, { classes: two, own });
  return columns.map((column) => [...column]);
};

describe('scores of a task', () => {
  test('are brought back into 0..1 by no more than a rounding error', () => {
    expect(check('binary', [-1e-7, 0.5, 1 + 1e-7])).toEqual([[0, 0.5, 1]]);
    expect(() => check('binary', [0.5, 1.01])).toThrow(/1.01 in row 1.*probability from 0 to 1/);
    expect(check('regression', [-1e9, 7])).toEqual([[-1e9, 7]]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('are numbers, which %s is not', (score) => {
    expect(() => check('regression', [0, score])).toThrow(new RegExp(`${score} in row 1.*a finite number`));
  });

  test('of classes add up to 1, of labels they need not', () => {
    expect(check('multiclass', [0.25, 1], [0.75, 0])).toEqual([
      [0.25, 1],
      [0.75, 0],
    ]);
    expect(() => check('multiclass', [0.25, 1], [0.75, 0.5])).toThrow(/a sum of 1.5 in row 1.*softmax/);
    expect(check('multilabel', [1], [1])).toEqual([[1], [1]]);
  });

  test('are as many as there are classes', () => {
    expect(() => check('multiclass', [1])).toThrow(/1 numbers per row, and there are 2 classes.*order a, b/);
    expect(() => check('multilabel', [1], [1], [1], [1])).toThrow(/Slice of the second half/);
    const three = ['a', 'b', 'c'].map(() => Float64Array.of(1 / 3));
    expect(() => requireScores(three, { task: 'multiclass' }, { classes: two, own: ['a', 'b', 'z'] })).toThrow(
      /the model's own are a, b, z/,
    );
  });

  test('stand in the order of the classes, when the model says in which', () => {
    expect(() => requireOrder(['b', 'a'], two)).toThrow(/another order.*b, a.*a, b/);
    for (const other of [null, two, ['0', '1'], ['a']]) expect(() => requireOrder(other, two)).not.toThrow();
  });
});
