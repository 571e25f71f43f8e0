import type { ColumnSummary, ProfileSummary } from '../../pipelines/contracts/profile-summary.ts';
import { plainLine } from '../escape-markdown.ts';
import { formatCount } from '../format-number.ts';
import { formatShare, formatValue } from './format-value.ts';

const blocks = ' ▁▂▃▄▅▆▇█';
const longestName = 28;
const longestValue = 24;

/** A profile for a terminal: one line per column, then what belongs to the table as a whole. */
export function renderProfileText(summary: ProfileSummary): string {
  const { rows, columns, partitions } = summary;
  const head = [
    'column',
    'type',
    'missing',
    'distinct',
    'mean',
    'min',
    '25 %',
    'median',
    '75 %',
    'max',
    'distribution',
  ];
  const lines = columns.map((column) => [
    plainLine(column.name, longestName),
    plainLine(column.type.toLowerCase(), 16),
    column.missing === 0 ? '-' : formatShare(column.missing / rows),
    column.distinct === null ? '?' : `${column.distinct.error > 0 ? '~' : ''}${formatCount(column.distinct.count)}`,
    ...measures(column),
  ]);
  return [
    `${plainLine(summary.source, 120)}: ${formatCount(rows)} rows, ${columns.length} columns${partitions > 1 ? `, ${partitions} parts` : ''}`,
    '',
    ...align([head, ...lines]),
    ...section('Strongest correlations', correlationLines(summary)),
    ...section(`Label ${plainLine(summary.label?.column ?? '', longestName)}`, labelLines(summary)),
    ...section(
      'Worth a look',
      summary.notes.map((note) => `- ${plainLine(note)}`),
    ),
  ].join('\n');
}

function measures({ numbers, values, kind }: ColumnSummary): string[] {
  if (numbers === null) {
    const listed = values?.list.slice(0, 3) ?? [];
    return [
      '',
      '',
      '',
      '',
      '',
      '',
      listed.map(({ value, count }) => `${plainLine(value, longestValue) || '""'} ${formatCount(count)}`).join(', '),
    ];
  }
  const { mean, min, quartiles, max, bars } = numbers;
  const show = (value: number | null) => (value === null ? '' : formatValue(value, kind));
  return [
    kind === 'time' ? '' : show(mean),
    show(min),
    ...quartiles.map(show),
    show(max),
    drawBars(bars.map(({ count }) => count)),
  ];
}

/** A bar that holds anything is never drawn empty. */
function drawBars(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  return counts.map((count) => blocks[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 8))] ?? ' ').join('');
}

function correlationLines({ correlations: { pairs, error } }: ProfileSummary): string[] {
  const lines = pairs
    .filter(({ r }) => Math.abs(r) >= 0.3)
    .slice(0, 5)
    .map(
      ({ columns: [one, other], r }) =>
        `${r.toFixed(3).padStart(6)}  ${plainLine(one, longestName)} × ${plainLine(other, longestName)}`,
    );
  return lines.length === 0 || error === 0 ? lines : [...lines, `(from a sample: ±${error.toFixed(3)})`];
}

function labelLines({ label, rows }: ProfileSummary): string[] {
  return (label?.balance ?? []).slice(0, 20).map(({ value, count }) => {
    const name = value === null ? '(missing)' : plainLine(value, longestValue);
    return `${name.padEnd(longestValue)} ${formatCount(count).padStart(12)} ${formatShare(count / Math.max(1, rows)).padStart(7)}  ${'█'.repeat(Math.round((30 * count) / Math.max(1, rows)))}`;
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** Numbers to the right, names and pictures to the left. */
function align(table: readonly string[][]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const left = new Set([0, 1, widths.length - 1]);
  return table.map((row) =>
    row
      .map((cell, column) => (left.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
