import { markdownTable } from 'markdown-table';
import type { DataChange, FeatureChange, ParameterChange } from '../pipelines/contracts/judgement.ts';
import type { Parameter } from '../pipelines/contracts/run-record.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatCount } from './format-number.ts';

/** What the pull request changes in the parameters of the run; rows past `most` are counted. */
export function parameterTable(changes: readonly ParameterChange[], most: number): string {
  const rows = changes.slice(0, most).map(({ name, base, head }) => [codeSpan(name), value(base), value(head)]);
  return withRest(markdownTable([['Parameter', 'Base', 'Head'], ...rows], { alignDelimiters: false }), changes, most);
}

/** What it changes in the data that goes in. */
export function dataTable(changes: readonly DataChange[], most: number): string {
  const rows = changes
    .slice(0, most)
    .map((change) => [
      change.basePath === undefined ? codeSpan(change.path) : `${codeSpan(change.basePath)} → ${codeSpan(change.path)}`,
      content(change.base, change.baseRows),
      content(change.head, change.headRows),
      [
        ...change.columnsAdded.map((name) => `+${escapeMarkdown(name)}`),
        ...change.columnsRemoved.map((name) => `−${escapeMarkdown(name)}`),
      ].join(', '),
    ]);
  const table = markdownTable([['Data', 'Base', 'Head', 'Columns'], ...rows], { alignDelimiters: false });
  return withRest(table, changes, most);
}

/** What it changes in the features that the model is trained on or served with. */
export function featureTable(changes: readonly FeatureChange[], most: number): string {
  const rows = changes
    .slice(0, most)
    .map(({ service, view, base, head }) => [codeSpan(service), codeSpan(view), version(base), version(head)]);
  const table = markdownTable([['Feature service', 'View', 'Base', 'Head'], ...rows], { alignDelimiters: false });
  return withRest(table, changes, most);
}

function version(integrity: string | null): string {
  return integrity === null ? '–' : codeSpan(integrity.slice(0, 19));
}

function content(integrity: string | null, rows: number | null): string {
  if (integrity === null) return '–';
  return rows === null ? codeSpan(integrity.slice(0, 19)) : `${formatCount(rows)} rows`;
}

function value(parameter: Parameter): string {
  return parameter === null ? '–' : codeSpan(typeof parameter === 'string' ? parameter : JSON.stringify(parameter));
}

function withRest(table: string, all: readonly unknown[], most: number): string {
  return all.length <= most ? table : `${table}\n\n…and ${all.length - most} more.`;
}
