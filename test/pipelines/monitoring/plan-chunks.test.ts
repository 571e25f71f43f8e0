import { describe, expect, it } from 'vitest';
import { chunkThreshold } from '../../../pipelines/monitoring/chunk-threshold.ts';
import { planChunks } from '../../../pipelines/monitoring/plan-chunks.ts';

const days = (rows: readonly number[]) => new Map(rows.map((count, day) => [100 + day, count]));

describe('the chunks of a reference', () => {
  it('are as long as the window, one from every day', () => {
    const chunks = planChunks(days(Array.from({ length: 30 }, () => 10)), 5);
    expect(chunks).toHaveLength(26);
    expect(chunks[0]).toEqual({ from: 100, to: 104 });
    expect(chunks.at(-1)).toEqual({ from: 125, to: 129 });
  });

  it('are none when the reference holds fewer than six windows', () => {
    expect(planChunks(days(Array.from({ length: 29 }, () => 10)), 5)).toEqual([]);
    expect(planChunks(new Map(), 1)).toEqual([]);
  });

  it('leave out stretches with a gap', () => {
    const chunks = planChunks(days([10, 10, 0, 1, 10, 10, 10, 4]), 1);
    expect(chunks.map(({ from }) => from - 100)).toEqual([0, 1, 4, 5, 6]);
  });
});

describe('the threshold of a measure over chunks', () => {
  it('is mean + 3 standard deviations, undefined values left out', () => {
    expect(chunkThreshold([1, 2, 3, Number.NaN])).toBeCloseTo(2 + 3 * Math.sqrt(2 / 3), 12);
  });

  it('needs three values', () => {
    expect(chunkThreshold([1, 2])).toBeNull();
  });
});
