import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedShare, movesOf, summarizeMoves } from '../../../pipelines/robustness/compare-answers.ts';

const columns = (...values: number[][]) => values.map((column) => Float64Array.from(column));

describe('how far answers move', () => {
  test('is the change of one number, half the changes of classes, the mean change of labels', () => {
    expect([...movesOf('binary', columns([0.25, 0.5]), columns([0.75, 0.5]))]).toEqual([0.5, 0]);
    expect(movesOf('multiclass', columns([1, 0.5], [0, 0.5]), columns([0, 0.5], [1, 0.5]))).toEqual(
      Float64Array.of(1, 0),
    );
    expect([...movesOf('multilabel', columns([1], [0.5]), columns([0], [0.5]))]).toEqual([0.5]);
    expect([...movesOf('regression', columns([-3]), columns([4]))]).toEqual([7]);
  });

  test('is told as mean, 95th percentile and maximum', () => {
    const moves = Float64Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(summarizeMoves(moves)).toEqual({ mean: 50.5, p95: 95, max: 100 });
    expect(summarizeMoves(Float64Array.of(3))).toEqual({ mean: 3, p95: 3, max: 3 });
  });

  test('keeps its order, and is nothing between equal answers', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(shares, (values) => {
        const { mean, p95, max } = summarizeMoves(Float64Array.from(values));
        expect(p95).toBeLessThanOrEqual(max);
        expect(mean).toBeLessThanOrEqual(max + 1e-12);
        expect(summarizeMoves(movesOf('binary', columns(values), columns(values))).max).toBe(0);
        expect(changedShare({ task: 'binary', threshold: 0.5 }, columns(values), columns(values))).toBe(0);
      }),
    );
  });
});

describe('rows that are decided otherwise', () => {
  const policy = (task: 'binary' | 'multiclass' | 'multilabel' | 'regression') => ({ task, threshold: 0.5 });
  test('cross the threshold, change their most likely class, or any of their labels', () => {
    expect(changedShare(policy('binary'), columns([0.4, 0.5, 0.6]), columns([0.5, 0.4, 0.9]))).toBe(2 / 3);
    const before = columns([0.5, 0.2], [0.3, 0.7], [0.2, 0.1]);
    expect(changedShare(policy('multiclass'), before, columns([0.4, 0.8], [0.3, 0.1], [0.3, 0.1]))).toBe(1 / 2);
    expect(changedShare(policy('multilabel'), columns([0.9, 0.1], [0.1, 0.1]), columns([0.9, 0.2], [0.9, 0.3]))).toBe(
      1 / 2,
    );
    expect(changedShare(policy('regression'), columns([1]), columns([2]))).toBeNull();
  });
});
