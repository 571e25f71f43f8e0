import type { Explanation } from '../pipelines/contracts/explanation.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';
import type { PlainTable } from './plain-table.ts';

/** Inputs by importance in the head, with that in base and the change. */
export function importanceTable({ head, base, change, metric }: Explanation): PlainTable {
  const changes = new Map(change.map(({ feature, delta }) => [feature, delta]));
  const before = new Map((base?.importance ?? []).map(({ feature, value }) => [feature, value]));
  const gone = change.filter((one) => one.head === null);
  const compared = base !== null;
  return {
    columns: [
      { title: `Input, by loss of ${metricTitle(metric.name)} when shuffled` },
      ...(compared ? [{ title: 'Base', align: 'right' as const }] : []),
      { title: 'Head', align: 'right' },
      compared ? { title: 'Change [interval]' } : { title: 'Interval' },
    ],
    rows: [
      ...head.importance.map(({ feature, value, interval }) => {
        const delta = changes.get(feature) ?? null;
        if (!compared) return [feature, formatNumber(value), range(interval, formatNumber)];
        return [
          feature,
          formatNumber(before.get(feature) ?? null),
          formatNumber(value),
          delta === null ? '–' : `${formatChange(delta.value)} ${range(delta.interval, formatChange)}`.trim(),
        ];
      }),
      ...gone.map(({ feature, base: was }) => [feature, formatNumber(was), 'no input any more', '–']),
    ],
  };
}

/** `hour, distance and carrier` */
export function describeImportance({ head }: Explanation): string {
  const [first, second, third] = head.importance.filter(({ value }) => value > 0).map(({ feature }) => feature);
  if (first === undefined) return 'no input that is measured';
  if (second === undefined) return first;
  return third === undefined ? `${first} and ${second}` : `${first}, ${second} and ${third}`;
}

function range(interval: { low: number; high: number } | null, show: (value: number) => string): string {
  return interval === null ? '' : `[${show(interval.low)}, ${show(interval.high)}]`;
}
