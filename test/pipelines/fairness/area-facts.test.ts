import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areaFacts } from '../../../pipelines/fairness/area-facts.ts';
import { delongComponents } from '../../../pipelines/statistics/delong-components.ts';
import { delongDifference } from '../../../pipelines/statistics/delong-difference.ts';
import { delongStandardError } from '../../../pipelines/statistics/delong-standard-error.ts';
import { sortOrder } from '../../../pipelines/statistics/sort-order.ts';

const row = fc.record({
  label: fc.constantFrom(0, 1),
  // Few values, so that there are ties.
  head: fc.integer({ min: 0, max: 6 }),
  base: fc.double({ min: -1, max: 1, noNaN: true }),
  group: fc.constantFrom(0, 1, 2),
});
const pick = (rows: readonly number[]) => Float64Array.from(rows);
const sorted = (scores: Float64Array) => ({ scores, order: sortOrder(scores) });

it('gives within every group what DeLong gives of its rows alone', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
      const of = (those: typeof rows, side: 'head' | 'base' | 'label' | 'group') => pick(those.map((one) => one[side]));
      const facts = areaFacts(of(rows, 'label'), sorted(of(rows, 'head')), sorted(of(rows, 'base')), {
        codes: of(rows, 'group'),
        groups: 3,
      });
      for (const [group, fact] of facts.entries()) {
        const own = rows.filter((one) => one.group === group);
        const labels = of(own, 'label');
        const positives = labels.reduce((sum, label) => sum + label, 0);
        expect(fact.n).toBe(Math.min(positives, own.length - positives));
        if (fact.n === 0) {
          expect([fact.head.value, fact.base?.value, fact.changeError]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
          continue;
        }
        const [head, base] = [delongComponents(labels, of(own, 'head')), delongComponents(labels, of(own, 'base'))];
        expect(fact.head.value).toBeCloseTo(head.auc, 12);
        expect(fact.head.error).toBeCloseTo(delongStandardError(head), 7);
        expect(fact.base?.value).toBeCloseTo(base.auc, 12);
        expect(fact.changeError).toBeCloseTo(delongDifference(base, head).standardError, 7);
      }
    }),
  );
});
