import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rocAuc } from '../../../examples/flight-delays/src/roc-auc.ts';

it('is the share of pairs in which the positive row scores higher, ties counting half', () => {
  const rows = fc.array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 5 }) }), {
    minLength: 2,
    maxLength: 40,
  });
  fc.assert(
    fc.property(rows, (sample) => {
      const positives = sample.filter(({ label }) => label === 1);
      const negatives = sample.filter(({ label }) => label === 0);
      fc.pre(positives.length > 0 && negatives.length > 0);
      const wins = positives.flatMap((high) =>
        negatives.map((low) => (high.score > low.score ? 1 : high.score === low.score ? 0.5 : 0)),
      );
      const expected = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
      const labels = Uint8Array.from(sample, ({ label }) => label);
      expect(
        rocAuc(
          labels,
          Float64Array.from(sample, ({ score }) => score),
        ),
      ).toBeCloseTo(expected, 12);
    }),
  );
});

it('is undefined where one class is missing', () => {
  expect(rocAuc(Uint8Array.from([1, 1]), Float64Array.from([0.1, 0.2]))).toBeNaN();
});
