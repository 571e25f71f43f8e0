import { markdownTable } from 'markdown-table';
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

function row({ title, direction, base, head, delta, gates }: MetricRow): string[] {
  const icon = gates.length === 0 ? '' : statusIcons[worstStatus(gates.map(({ result }) => result.status))];
  const effect = direction === null ? null : effectOf(delta, direction);
  const result = [icon, effectMark(effect)].filter((part) => part !== '').join('\u00a0');
  const arrow = direction === null ? '' : direction === 'higher' ? ' ↑' : ' ↓';
  return [
    `${escapeMarkdown(title)}${arrow}`,
    result,
    formatNumber(base),
    formatNumber(head),
    formatDelta(delta),
    gates
      .map(({ rule }) => escapeMarkdown(rule))
      .filter((rule) => rule !== '')
      .join('; '),
  ];
}
