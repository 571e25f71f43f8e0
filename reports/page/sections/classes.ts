import { formatCount, formatNumber } from '../../format-number.ts';
import { metricTitle } from '../../metric-title.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import { shortName } from '../short-name.ts';
import type { Subject } from '../subject.ts';

const most = 100;

/** Each class against all others. */
export function classesSection({ head }: Subject): Section[] {
  const classes = head?.byClass ?? [];
  if (classes.length === 0) return [];
  const names = [...new Set(classes.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const body = htmlTable({
    caption: 'Each class against all others, with 95 % intervals.',
    columns: [
      { title: 'Class' },
      { title: 'Rows', align: 'right' },
      { title: 'Decided so', align: 'right' },
      ...names.map((name) => ({ title: metricTitle(name), align: 'right' as const })),
    ],
    rows: classes.slice(0, most).map(({ class: of, n, predicted, metrics }) => [
      shortName(of),
      formatCount(n),
      formatCount(predicted),
      ...names.map((name) => {
        const found = metrics.find((metric) => metric.name === name);
        if (found === undefined) return '–';
        const range =
          found.interval === null ? '' : ` [${formatNumber(found.interval.low)}, ${formatNumber(found.interval.high)}]`;
        return `${formatNumber(found.value)}${range}`;
      }),
    ]),
  });
  return [{ id: 'classes', title: 'Classes', body }];
}
