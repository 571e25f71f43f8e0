import { markdownTable } from 'markdown-table';
import type { ColumnShift, DataDiff } from '../pipelines/contracts/data-diff.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatCount } from './format-number.ts';
import { formatShare, formatValue } from './profile/format-value.ts';

type Estimate = { count: number; error: number };

/** What a pull request changes in the rows of a table; columns and values past `most` are counted. */
export function dataDiffSection(diff: DataDiff, most: number): string {
  const { base, head, columns } = diff;
  const name = base.path === head.path ? codeSpan(head.path) : `${codeSpan(base.path)} → ${codeSpan(head.path)}`;
  const schema = [
    ...columns.added.map((one) => `+${escapeMarkdown(one.name)} (${escapeMarkdown(one.type)})`),
    ...columns.removed.map((one) => `−${escapeMarkdown(one.name)}`),
    ...columns.retyped.map(
      (one) => `${escapeMarkdown(one.name)}: ${escapeMarkdown(one.base)} → ${escapeMarkdown(one.head)}`,
    ),
  ];
  const listed = schema.length <= most ? schema : [...schema.slice(0, most), `and ${schema.length - most} more`];
  return [
    `**${name}**: ${formatCount(base.rows)} → ${formatCount(head.rows)} rows${rowText(diff)}`,
    schema.length === 0 ? '' : `Columns: ${listed.join(', ')}`,
    labelTable(diff, most),
    shiftTable(diff, most),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rowText({ rows }: DataDiff): string {
  if (rows === null) return ', with no column in common';
  return `: ${estimate(rows.added)} added, ${estimate(rows.removed)} removed`;
}

function estimate({ count, error }: Estimate): string {
  if (error === 0) return formatCount(count);
  return count === 0 ? `fewer than ${formatCount(error)}` : `${formatCount(count)} (± ${formatCount(error)})`;
}

function labelTable({ label, base, head }: DataDiff, most: number): string {
  if (label === null || label.values.length === 0) return '';
  const share = (count: number, rows: number) =>
    `${formatCount(count)}${rows === 0 ? '' : ` (${formatShare(count / rows)})`}`;
  const rows = label.values
    .slice(0, most)
    .map((one) => [
      one.value === null ? '*missing*' : codeSpan(one.value),
      share(one.base, base.rows),
      share(one.head, head.rows),
    ]);
  return markdownTable([[`Label ${escapeMarkdown(label.column)}`, 'Base', 'Head'], ...rows], {
    alignDelimiters: false,
  });
}

/** Columns that moved by more than chance between two samples of one table. */
function shiftTable({ shifts, sampled, base, head }: DataDiff, most: number): string {
  const moved = shifts.filter((shift) => shift.distance > shift.noise || missingMoved(shift));
  const rest = shifts.length - Math.min(moved.length, most);
  const isSample = sampled[0] < base.rows || sampled[1] < head.rows;
  const how = isSample ? ` Looked at ${formatCount(sampled[0])} and ${formatCount(sampled[1])} rows.` : '';
  if (moved.length === 0) return shifts.length === 0 ? '' : `No column moved by more than chance.${how}`;
  const rows = moved
    .slice(0, most)
    .map((shift) => [
      codeSpan(shift.name),
      `${(shift.distance * 100).toFixed(1)} %`,
      between(shift.middle.map((value) => (value === null ? '' : formatValue(value, shift.kind)))),
      shift.missing[0] + shift.missing[1] === 0 ? '' : between(shift.missing.map(formatShare)),
    ]);
  const table = markdownTable([['Column', 'Shift', 'Median', 'Missing'], ...rows], { alignDelimiters: false });
  const others =
    rest === 0 ? '' : `${rest} other ${rest === 1 ? 'column' : 'columns'} moved less or no more than by chance. `;
  return `${table}\n\n<sub>${others}Shift: the share of rows by which the distributions differ.${how}</sub>`;
}

function missingMoved({ missing: [before, after] }: ColumnShift): boolean {
  return Math.abs(after - before) > 0.01;
}

function between(texts: readonly string[]): string {
  const [before = '', after = ''] = texts;
  return before === after ? before : `${before} → ${after}`;
}
