import type { Cost } from '../pipelines/contracts/evaluation.ts';
import { formatCount, formatNumber } from './format-number.ts';
import type { PlainTable } from './plain-table.ts';

/** What serving the model takes, beside the base in the same job. */
export function costTable(head: Cost, base: Cost | undefined): PlainTable {
  const lines: [string, (cost: Cost) => number | undefined][] = [
    ['Model file, bytes', ({ size }) => size],
    ['Loading, ms', ({ loadMs }) => loadMs],
    ['Latency of one row, median, ms', ({ latencyP50Ms }) => latencyP50Ms],
    ['Latency of one row, p95, ms', ({ latencyP95Ms }) => latencyP95Ms],
    ...(head.latencies ?? [])
      .filter(({ rows }) => rows > 1)
      .flatMap(({ rows }): [string, (cost: Cost) => number | undefined][] => {
        const call = ({ latencies = [] }: Cost) => latencies.find((one) => one.rows === rows);
        return [
          [`Latency of ${formatCount(rows)} rows, p95, ms`, (cost) => call(cost)?.p95Ms],
          [`Latency of ${formatCount(rows)} rows, p99, ms`, (cost) => call(cost)?.p99Ms],
        ];
      }),
    ['Rows per second', ({ rowsPerSecond }) => rowsPerSecond],
    [
      'Memory of the scoring process, MB',
      ({ peakMemory }) => (peakMemory === undefined ? undefined : peakMemory / 1e6),
    ],
  ];
  return {
    columns: [
      { title: 'Cost' },
      { title: 'Base', align: 'right' },
      { title: 'Head', align: 'right' },
      { title: 'Change', align: 'right' },
    ],
    rows: lines.flatMap(([name, of]) => {
      const now = of(head);
      const before = base === undefined ? undefined : of(base);
      return now === undefined ? [] : [[name, show(before), show(now), showRatio(before, now)]];
    }),
  };
}

function show(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 1000 ? formatCount(value) : formatNumber(value);
}

function showRatio(before: number | undefined, now: number): string {
  if (before === undefined || before === 0) return '–';
  const percent = (now / before - 1) * 100;
  const rounded = Math.abs(percent) < 10 ? percent.toFixed(1) : percent.toFixed(0);
  return Number(rounded) === 0 ? '0 %' : `${percent > 0 ? '+' : ''}${rounded} %`;
}
