import { formatCount, formatNumber } from '../../format-number.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import type { Subject } from '../subject.ts';

/** What serving the model takes, beside the base in the same job. */
export function costSection({ head, base }: Subject): Section[] {
  const cost = head?.cost;
  if (cost === undefined) return [];
  const before = base?.cost;
  const lines: [string, number | undefined, number][] = [
    ['Model file, bytes', before?.size, cost.size],
    ['Loading, ms', before?.loadMs, cost.loadMs],
    ['Latency of one row, median, ms', before?.latencyP50Ms, cost.latencyP50Ms],
    ['Latency of one row, 95th percentile, ms', before?.latencyP95Ms, cost.latencyP95Ms],
    ['Rows per second', before?.rowsPerSecond, cost.rowsPerSecond],
  ];
  const show = (value: number | undefined) =>
    value === undefined ? '–' : value >= 1000 ? formatCount(value) : formatNumber(value);
  const body = htmlTable({
    caption: 'Measured on one machine, one after the other.',
    columns: [{ title: 'Cost' }, { title: 'Base', align: 'right' }, { title: 'Head', align: 'right' }],
    rows: lines.map(([name, old, now]) => [name, show(old), show(now)]),
  });
  return [{ id: 'cost', title: 'Cost', body }];
}
