import type { WorstSlices } from '../pipelines/contracts/evaluation.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';
import type { PlainTable } from './plain-table.ts';

/** The groups of rows, by one column or two, on which the head errs most. */
export function worstSlicesTable({ slices, loss }: WorstSlices): PlainTable {
  return {
    columns: [
      { title: 'Where it errs most' },
      { title: 'Rows', align: 'right' },
      { title: `Mean ${metricTitle(loss)}`, align: 'right' },
      { title: 'Against all other rows' },
      { title: 'p, corrected', align: 'right' },
    ],
    rows: slices.map(({ where, n, value, difference, interval, adjustedP }) => [
      where.map(({ by, group }) => `${by}: ${group}`).join(' and '),
      formatCount(n),
      formatNumber(value),
      `${formatChange(difference)} [${formatChange(interval.low)}, ${formatChange(interval.high)}]`,
      formatNumber(adjustedP),
    ]),
  };
}
