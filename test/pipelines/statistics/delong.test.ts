import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecision } from '../../../pipelines/statistics/average-precision.ts';
import { delongComponents } from '../../../pipelines/statistics/delong-components.ts';
import { delongDifference } from '../../../pipelines/statistics/delong-difference.ts';
import { delongStandardError } from '../../../pipelines/statistics/delong-standard-error.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

/** Rows with coarse scores, so that ties are common. */
const sample = fc
  .array(
    fc.record({
      label: fc.constantFrom(0, 1),
      base: fc.integer({ min: 0, max: 9 }),
      head: fc.integer({ min: 0, max: 9 }),
    }),
    {
      minLength: 4,
      maxLength: 40,
    },
  )
  .filter((rows) => rows.some(({ label }) => label === 1) && rows.some(({ label }) => label === 0));

type Row = { label: number; base: number; head: number };
const column = (rows: readonly Row[], name: keyof Row) => Float64Array.from(rows, (row) => row[name]);
const compare = (rows: readonly Row[]) =>
  delongDifference(
    delongComponents(column(rows, 'label'), column(rows, 'base')),
    delongComponents(column(rows, 'label'), column(rows, 'head')),
  );

describe('the area under the ROC curve', () => {
  test('is the share of pairs ranked right, ties half', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const positives = rows.filter(({ label }) => label === 1);
        const negatives = rows.filter(({ label }) => label === 0);
        const pairs = positives.flatMap((p) =>
          negatives.map((n) => (p.base > n.base ? 1 : p.base === n.base ? 0.5 : 0)),
        );
        const wanted = pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length;
        expect(delongComponents(column(rows, 'label'), column(rows, 'base')).auc).toBeCloseTo(wanted, 12);
      }),
    );
  });

  test('is undefined with one class', () => {
    expect(delongComponents(Float64Array.of(1, 1), Float64Array.of(0.2, 0.3)).auc).toBeNaN();
  });

  test('has the standard error of the textbook formula', () => {
    const labels = Float64Array.of(0, 0, 1, 1);
    const components = delongComponents(labels, Float64Array.of(0.1, 0.4, 0.35, 0.8));
    // V10 = 0.5, 1; V01 = 1, 0.5: sample variances 0.125 each over two rows.
    expect(delongStandardError(components)).toBeCloseTo(Math.sqrt(0.125 / 2 + 0.125 / 2), 12);
  });
});

describe('the paired difference', () => {
  test('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const turned = [...rows].reverse();
        expect(compare(turned).value).toBeCloseTo(compare(rows).value, 12);
        expect(compare(turned).standardError).toBeCloseTo(compare(rows).standardError, 12);
      }),
    );
  });

  test('changes sign, and nothing else, when base and head are swapped', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const swapped = compare(rows.map(({ label, base, head }) => ({ label, base: head, head: base })));
        const straight = compare(rows);
        expect(swapped.value).toBeCloseTo(-straight.value, 12);
        expect(swapped.standardError).toBeCloseTo(straight.standardError, 12);
        expect(swapped.p).toBeCloseTo(straight.p, 12);
      }),
    );
  });

  test('of a model with itself is exactly nothing', () => {
    fc.assert(
      fc.property(sample, (rows) => {
        const same = compare(rows.map((row) => ({ ...row, head: row.base })));
        expect(same).toEqual({ value: 0, standardError: 0, p: 1 });
      }),
    );
  });

  test('covers the truth about 95 times in 100', () => {
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let covered = 0;
    const worlds = 400;
    for (let world = 0; world < worlds; world += 1) {
      const rows = Array.from({ length: 300 }, (_, row) => {
        const label = row % 3 === 0 ? 1 : 0;
        const shared = normal() + label;
        return { label, base: shared + normal(), head: shared + normal() };
      });
      const { value, standardError } = compare(rows);
      if (Math.abs(value) <= 1.96 * standardError) covered += 1;
    }
    expect(covered / worlds).toBeGreaterThan(0.92);
    expect(covered / worlds).toBeLessThan(0.98);
  });
});

test('the influence of average precision is its derivative by the weight of a row', () => {
  fc.assert(
    fc.property(sample, (rows) => {
      const labels = column(rows, 'label');
      const scores = column(rows, 'base');
      const { value, influence } = averagePrecision(labels, scores);
      expect(Math.abs(influence.reduce((sum, pull) => sum + pull, 0))).toBeLessThan(1e-9);
      // Adding a row k more times to each of 400 copies moves the value by about influence * k / rows.
      const copies = 400;
      const repeated = [...Array.from({ length: copies }, () => rows).flat(), ...rows.slice(0, 1)];
      const moved = averagePrecision(column(repeated, 'label'), column(repeated, 'base')).value - value;
      expect(moved * (copies * rows.length + 1)).toBeCloseTo(influence[0] ?? Number.NaN, 0);
    }),
    { numRuns: 30 },
  );
});
