import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asNumbers,
  chooseEdges,
  foldSketches,
  nextDown,
  quantileOf,
  rankOf,
  sketchOf,
} from '../../../../pipelines/data/profile/quantile-sketch.ts';

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.integer({ min: -5, max: 5 }),
);
const someNumbers = fc.array(finite, { minLength: 1, maxLength: 400 });
const someWhole = fc.array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -1e6, max: 1e6 })), {
  minLength: 1,
  maxLength: 400,
});

/** A sketch whose edges come from every `every`-th value only, as from a sample. */
function sketch(values: readonly number[], { whole = false, every = 1 } = {}) {
  const sample = Float64Array.from(values.filter((_, index) => index % every === 0)).sort();
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const edges = chooseEdges(sample, { min, max, whole });
  const counts = edges.map((edge, index) => {
    const before = edges[index - 1] ?? Number.NEGATIVE_INFINITY;
    return values.filter((value) => value > before && value <= edge).length;
  });
  return sketchOf(edges, counts, whole);
}

function trueRank(values: readonly number[], x: number): number {
  return values.filter((value) => value <= x).length;
}

function expectPromise(found: ReturnType<typeof sketch>, values: readonly number[], asked: readonly number[]) {
  for (const x of asked) {
    const gap = Math.abs(rankOf(found, x) - trueRank(values, x));
    expect(gap).toBeLessThanOrEqual(found.error * values.length + 1e-6 * values.length);
  }
}

describe('a sketch of quantiles', () => {
  it('holds every rank within its error', () => {
    fc.assert(
      fc.property(someNumbers, fc.integer({ min: 1, max: 9 }), someNumbers, (values, every, others) => {
        const found = sketch(values, { every });
        expect(found.below.at(-1)).toBe(values.length);
        expectPromise(found, values, [...values, ...others]);
      }),
    );
  });

  it('holds them at whole numbers of a column of whole numbers', () => {
    fc.assert(
      fc.property(someWhole, fc.integer({ min: 1, max: 9 }), (values, every) => {
        expectPromise(sketch(values, { every, whole: true }), values, values);
        expectPromise(asNumbers(sketch(values, { every, whole: true })), values, [...values, 0.5, -0.5, 3.25]);
      }),
    );
  });

  it('holds them after a fold of many parts, and of folds', () => {
    fc.assert(
      fc.property(fc.array(someNumbers, { minLength: 2, maxLength: 9 }), (parts) => {
        const values = parts.flat();
        const sketches = parts.map((part) => sketch(part, { every: 2 }));
        expectPromise(foldSketches(sketches), values, values);
        const nested = sketches.reduce((folded, part) => foldSketches([folded, part]));
        expectPromise(nested, values, values);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves edges out of a large fold, and says what that costs', () => {
    const parts = Array.from({ length: 40 }, (_, part) =>
      Array.from({ length: 500 }, (__, index) => Math.sin(part * 1000 + index) * (part + 1)),
    );
    const folded = foldSketches(parts.map((part) => sketch(part)));
    expect(folded.edges.length).toBeLessThanOrEqual(1024);
    expect(folded.error).toBeLessThan(0.02);
    expectPromise(folded, parts.flat(), parts.flat().slice(0, 200));
  });

  it('finds quantiles where the values are', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index);
    const found = sketch(values, { whole: true });
    expect(quantileOf(found, 0.5, true)).toBeGreaterThan(495);
    expect(quantileOf(found, 0.5, true)).toBeLessThan(505);
    expect([quantileOf(found, 0, true), quantileOf(found, 1, true)]).toEqual([0, 999]);
    expect(quantileOf({ edges: [], below: [], error: 0 }, 0.5, false)).toBeNull();
  });

  it('keeps zeros apart from what is around them', () => {
    const found = sketch([...Array<number>(50).fill(0), ...Array.from({ length: 900 }, (_, index) => index - 450.5)]);
    const negatives = rankOf(found, nextDown(0));
    expect([negatives, rankOf(found, 0) - negatives]).toEqual([451, 50]);
  });
});
