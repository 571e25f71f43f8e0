import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectLatency } from '../../../server/observe/collect-latency.ts';
import { binOf, collectScores, probabilityEdges } from '../../../server/observe/collect-scores.ts';

describe('scores', () => {
  test('a bin covers (edge before, edge]', () => {
    expect([-1, 0, 0.05, 0.050001, 0.95, 0.96, 2].map((score) => binOf(score, probabilityEdges))).toEqual([
      0, 0, 0, 1, 18, 19, 19,
    ]);
  });

  test('sums are those of the definition', () => {
    const collector = collectScores([0.5]);
    collector.add([0.1, 0.9, 0.9, Number.NaN]);
    collector.add([0.1, 0.2]);
    collector.add([Number.POSITIVE_INFINITY]);
    expect(collector.read()).toEqual({
      edges: [0.5],
      counts: [3, 2],
      missing: 2,
      requests: 2,
      countsSquared: [1 + 4, 4],
      countsTimesRows: [3 + 4, 6],
      rowsSquared: 9 + 4,
    });
  });
});

describe('latency', () => {
  test('a percentile lies within a bin of the true one', () => {
    const times = fc.array(fc.double({ min: 0.2, max: 30_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95), (milliseconds, share) => {
        const collector = collectLatency();
        for (const time of milliseconds) collector.add(time);
        const sorted = milliseconds.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        const measured = collector.percentile(share) ?? 0;
        expect(measured).toBeGreaterThan(truth / 1.16);
        expect(measured).toBeLessThan(truth * 1.16);
      }),
    );
  });

  test('there is none without requests', () => {
    expect(collectLatency().percentile(0.5)).toBeNull();
  });
});
