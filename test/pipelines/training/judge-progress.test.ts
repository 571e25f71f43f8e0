import { describe, expect, it } from 'vitest';
import { judgeProgress } from '../../../pipelines/training/judge-progress.ts';
import { parseProgress } from '../../../pipelines/training/parse-progress.ts';

const rule = { metric: 'loss', patience: 2, direction: 'min', min_delta: 0.1, grace: '1m' } as const;

function reasons(values: (number | null)[], options: Parameters<typeof judgeProgress>[0]) {
  const judge = judgeProgress(options);
  return values.map((loss, index) => judge.take({ at: index + 1, metrics: { loss } })?.rule ?? null);
}

describe('a stop rule', () => {
  it('waits for as many reports as it says, from the last better one on', () => {
    expect(reasons([5, 4, 4.5, 3, 3.2, 3.1, 1], { stop: rule, non_finite: 'fail' })).toEqual([
      ...[null, null, null, null, null],
      'patience',
      null,
    ]);
  });

  it('counts only what is better by enough', () => {
    expect(reasons([5, 4.95, 4.91], { stop: rule, non_finite: 'fail' })).toEqual([null, null, 'patience']);
  });

  it('knows which way is better', () => {
    const up = { ...rule, direction: 'max' } as const;
    expect(reasons([1, 2, 3], { stop: up, non_finite: 'fail' })).toEqual([null, null, null]);
    expect(reasons([3, 2, 1], { stop: up, non_finite: 'fail' })).toEqual([null, null, 'patience']);
  });

  it('is not needed to end a loss that is no number, unless told to pass over it', () => {
    expect(reasons([1, null], { non_finite: 'fail' })).toEqual([null, 'non-finite']);
    expect(reasons([1, null], { non_finite: 'ignore' })).toEqual([null, null]);
    const judge = judgeProgress({ non_finite: 'fail' });
    expect(judge.take({ at: 1, metrics: { auc: null } })).toBeNull();
  });
});

it('a long training keeps a bounded curve with both ends', () => {
  const judge = judgeProgress({ non_finite: 'fail' });
  for (let at = 1; at <= 10_000; at += 1) judge.take({ at, metrics: { loss: 1 / at } });
  const { points } = judge.result();
  expect(points.length).toBeLessThanOrEqual(401);
  expect([points[0]?.at, points.at(-1)?.at]).toEqual([1, 10_000]);
});

describe('a line of progress', () => {
  it.each([
    ['{"epoch": 3, "metrics": {"loss": 0.5}}', { point: { at: 3, metrics: { loss: 0.5 } }, checkpoint: false }],
    ['{"step": 7, "loss": 0.5, "note": "x"}', { point: { at: 7, metrics: { loss: 0.5 } }, checkpoint: false }],
    ['{"loss": NaN, "acc": -Infinity}', { point: { at: 9, metrics: { loss: null, acc: null } }, checkpoint: false }],
    ['{"checkpoint": true}', { point: null, checkpoint: true }],
    ['epoch 3', null],
    ['[1]', null],
    ['{"metrics": {"loss": "low"}}', null],
  ])('%s', (text, expected) => {
    expect(parseProgress(text, 9)).toEqual(expected);
  });
});
