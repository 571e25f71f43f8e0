import type { ColumnSummary, ProfileSummary } from '../../pipelines/contracts/profile-summary.ts';
import type { ChartSpec, DrawChart } from '../chart-theme.ts';
import { escapeHtml } from '../escape-html.ts';
import { formatCount } from '../format-number.ts';
import { correlationSpec, histogramSpec, valuesSpec } from './chart-spec.ts';
import { formatShare, formatValue } from './format-value.ts';
import { pageStyle } from './page-style.ts';

/** Columns that get a picture; of a table with more, the rest is told in numbers. */
const mostPictures = 200;
/** Columns of the picture of correlations: those that take part in the strongest. */
const mostCorrelated = 20;
/** Values of a column that are drawn. */
const mostValues = 10;

/**
 * A profile as one page that needs no network, no script and no other file. All texts of the table are escaped, and a
 * content security policy lets the browser run nothing, whatever slipped through.
 */
export async function renderProfilePage(summary: ProfileSummary, draw: DrawChart): Promise<string> {
  const cards: string[] = [];
  for (const [index, column] of summary.columns.entries()) {
    const spec = index < mostPictures ? pictureOf(column) : null;
    cards.push(columnCard(column, summary.rows, spec === null ? '' : await draw(spec)));
  }
  const title = escapeHtml(summary.source);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: data profile</title>
<style>${pageStyle}</style>
</head>
<body>
<h1>${title}</h1>
${factsOf(summary)}
${notesOf(summary)}
${await labelSection(summary, draw)}
<h2>Columns</h2>
<div class="columns">
${cards.join('\n')}
</div>
${await correlationSection(summary, draw)}
<p class="soft">Quantiles, distinct values and equal rows marked with ± are estimates with that error; everything else was counted.</p>
</body>
</html>
`;
}

function factsOf({ rows, columns, partitions, duplicates }: ProfileSummary): string {
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  const cells = rows * columns.length;
  const facts = [
    [formatCount(rows), 'rows'],
    [formatCount(columns.length), 'columns'],
    [cells === 0 ? '–' : formatShare(missing / cells), 'of all cells missing'],
    [duplicates === null ? 'unknown' : estimateText(duplicates), 'equal rows'],
    ...(partitions > 1 ? [[formatCount(partitions), 'parts']] : []),
  ];
  return `<div class="facts">${facts.map(([value, name]) => `<div><b>${value}</b>${name}</div>`).join('')}</div>`;
}

function notesOf({ notes }: ProfileSummary): string {
  if (notes.length === 0) return '';
  return `<div class="notes"><b>Worth a look</b><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></div>`;
}

async function labelSection({ label, rows }: ProfileSummary, draw: DrawChart): Promise<string> {
  if (label === null) return '';
  const list = label.balance.map(({ value, count }) => ({ value: value ?? '(missing)', count }));
  if (list.length === 0) return '';
  const lines = list
    .slice(0, mostValues)
    .map(({ value, count }) =>
      row(escapeHtml(value, 60), `${formatCount(count)} · ${formatShare(count / Math.max(1, rows))}`),
    );
  return `<h2>Label ${escapeHtml(label.column)}</h2><div class="column">${await draw(valuesSpec(list.slice(0, mostValues)))}<table>${lines.join('')}</table></div>`;
}

async function correlationSection(
  { correlations: { pairs, error } }: ProfileSummary,
  draw: DrawChart,
): Promise<string> {
  const names = [...new Set(pairs.flatMap(({ columns }) => columns))].slice(0, mostCorrelated);
  if (names.length < 2) return '';
  const shown = pairs.filter(({ columns }) => columns.every((name) => names.includes(name)));
  const exact = error === 0 ? '' : `<p class="soft">From a sample of rows: ±${error.toFixed(3)}.</p>`;
  return `<h2>Correlations</h2><div class="wide">${await draw(correlationSpec(names, shown))}</div>${exact}`;
}

/** Numbers keep their order; a handful of them is told one by one. */
function pictureOf({ numbers, values, kind }: ColumnSummary): ChartSpec | null {
  const list = values?.list ?? [];
  const isFew = list.length > 0 && list.length <= mostValues;
  if (numbers === null || isFew) {
    const ordered = numbers === null ? list : list.toSorted((left, right) => Number(left.value) - Number(right.value));
    return list.length === 0 ? null : valuesSpec(ordered.slice(0, mostValues));
  }
  return numbers.bars.length === 0 ? null : histogramSpec(numbers.bars, kind);
}

function columnCard(column: ColumnSummary, rows: number, picture: string): string {
  const { name, type, missing, distinct } = column;
  const lines = [
    row(
      'missing',
      missing === 0 ? '0' : `<span class="missing">${formatCount(missing)} · ${formatShare(missing / rows)}</span>`,
    ),
    row('distinct', distinct === null ? 'unknown' : estimateText(distinct)),
    ...numberRows(column),
    ...textRows(column),
  ];
  return `<section class="column"><header><h3>${escapeHtml(name, 80)}</h3><span class="soft">${escapeHtml(type.toLowerCase(), 40)}</span></header>${picture}<table>${lines.join('')}</table></section>`;
}

function numberRows({ numbers, kind }: ColumnSummary): string[] {
  if (numbers === null) return [];
  const show = (value: number | null) => (value === null ? '–' : escapeHtml(formatValue(value, kind)));
  const { min, p5, quartiles, p95, max, mean, std, zeros, negatives, infinite, error } = numbers;
  return [
    ...(kind === 'time' ? [] : [row('mean ± deviation', `${show(mean)} ± ${show(std)}`)]),
    row('least … greatest', `${show(min)} … ${show(max)}`),
    row('5 % … 95 %', `${show(p5)} … ${show(p95)}`),
    row(`quartiles${error > 0 ? ` (±${formatShare(error)} of rows)` : ''}`, quartiles.map(show).join(' · ')),
    ...(zeros > 0 && kind !== 'time' ? [row('zero', formatCount(zeros))] : []),
    ...(negatives > 0 && kind !== 'time' ? [row('negative', formatCount(negatives))] : []),
    ...(infinite > 0 ? [row('infinite', formatCount(infinite))] : []),
  ];
}

function textRows({ lengths }: ColumnSummary): string[] {
  if (lengths === null) return [];
  const { shortest, mean, longest, empty, padded } = lengths;
  return [
    row('characters', `${formatCount(shortest)} … ${formatCount(longest)}, mean ${mean.toFixed(1)}`),
    ...(empty > 0 ? [row('empty', formatCount(empty))] : []),
    ...(padded > 0 ? [row('blank at an end', formatCount(padded))] : []),
  ];
}

function row(name: string, value: string): string {
  return `<tr><th>${name}</th><td>${value}</td></tr>`;
}

function estimateText({ count, error }: { count: number; error: number }): string {
  return error === 0 ? formatCount(count) : `${formatCount(count)} ± ${formatCount(error)}`;
}
