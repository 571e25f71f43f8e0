import { markdownTable } from 'markdown-table';
import type { Interval } from '../pipelines/contracts/common.ts';
import type { Delta } from '../pipelines/contracts/comparison.ts';
import { worstStatus } from '../pipelines/contracts/worst-status.ts';
import { effectMark, effectOf } from './effect-of.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatDelta } from './format-delta.ts';
import { formatNumber } from './format-number.ts';
import type { MetricRow } from './metric-rows.ts';
import { statusIcons } from './status-icon.ts';

/** Metric, what came of it, base, head, change with its interval, gate; rows past `most` are counted. */
export function metricTable(all: readonly MetricRow[], most: number): string {
  const rows = all.slice(0, most).map(row);
  // The result stands first: on a telephone it is all that fits beside the name.
  const header = ['Metric', 'Result', 'Base', 'Head', 'Change [95 % CI]', 'Gate'];
  const align = ['l', 'l', 'r', 'r', 'l', 'l'];
  const table = markdownTable([header, ...rows], { align, alignDelimiters: false, padding: true });
  return all.length <= most ? table : `${table}\n\n…and ${all.length - most} more.`;
}

/** Without a base there is no change, and the head has the interval. */
function measured(head: number | null, delta: Delta | null, interval: Interval | null): string {
  if (delta !== null || interval === null) return formatNumber(head);
  return `${formatNumber(head)}\u00a0\\[${formatNumber(interval.low)},\u00a0${formatNumber(interval.high)}\\]`;
}

function row({ title, direction, base, head, delta, interval, gates }: MetricRow): string[] {
  const icon = gates.length === 0 ? '' : statusIcons[worstStatus(gates.map(({ result }) => result.status))];
  const effect = direction === null ? null : effectOf(delta, direction);
  const result = [icon, effectMark(effect)].filter((part) => part !== '').join('\u00a0');
  const arrow = direction === null ? '' : direction === 'higher' ? ' ↑' : ' ↓';
  return [
    `${escapeMarkdown(title)}${arrow}`,
    result,
    formatNumber(base),
    measured(head, delta, interval),
    formatDelta(delta),
    gates
      .map(({ rule }) => escapeMarkdown(rule))
      .filter((rule) => rule !== '')
      .join('; '),
  ];
}
