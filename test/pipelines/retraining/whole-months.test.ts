import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeMonths } from '../../../pipelines/retraining/whole-months.ts';

describe('the last whole months of a table', () => {
  it.each([
    ['2001-01-01', '2001-05-31', 4, { from: '2001-02-01', to: '2001-05-31' }],
    ['2001-01-01', '2001-05-30', 4, { from: '2001-01-01', to: '2001-04-30' }],
    ['2001-01-02', '2001-03-31', 3, { from: '2001-02-01', to: '2001-03-31' }],
    ['2000-11-15', '2001-02-28', 2, { from: '2001-01-01', to: '2001-02-28' }],
    ['2004-01-01', '2004-02-29', 1, { from: '2004-02-01', to: '2004-02-29' }],
    ['2004-01-01', '2004-02-28', 1, { from: '2004-01-01', to: '2004-01-31' }],
    ['2000-12-01', '2001-01-31', 12, { from: '2000-12-01', to: '2001-01-31' }],
    ['2001-05-02', '2001-05-31', 4, null],
    ['2001-05-01', '2001-05-30', 4, null],
  ])('%s to %s, %d months', (from, to, months, expected) => {
    expect(wholeMonths({ from, to }, months)).toEqual(expected);
  });

  it('lie inside the table, begin on a first and end on a last day', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, day, fc.integer({ min: 1, max: 30 }), (one, other, months) => {
        const [from = '', to = ''] = [one, other].map((date) => date.toISOString().slice(0, 10)).sort();
        const result = wholeMonths({ from, to }, months);
        if (result === null) return;
        expect(result.from >= from && result.to <= to && result.from < result.to).toBe(true);
        expect(result.from.endsWith('-01')).toBe(true);
        const after = new Date(Date.parse(result.to) + 86_400_000);
        expect(after.getUTCDate()).toBe(1);
        const length =
          (after.getUTCFullYear() - Number(result.from.slice(0, 4))) * 12 +
          after.getUTCMonth() -
          (Number(result.from.slice(5, 7)) - 1);
        expect(length).toBeLessThanOrEqual(months);
      }),
    );
  });
});
