import { columnsOf } from '../../config/group-columns.ts';
import { nearestName } from '../../config/nearest-name.ts';
import type { TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { PredictionsAsk } from './predictions-ask.ts';

/** The columns that a question is about. */
export type ResolvedColumns = {
  label: TableColumn[];
  score: TableColumn[];
  prediction: TableColumn[];
  query: TableColumn | null;
  id: TableColumn | null;
  cluster: TableColumn | null;
  /** Columns to group by; several together for each combination of their values. */
  by: { name: string; columns: TableColumn[] }[];
};

/** Names that the file of predictions gives its own columns. */
const reserved = /^(row|label|score|prediction|query)(_\d+)?$/;

/** Finds every column that was named. Throws `column-missing`, with the name that was probably meant, or `usage`. */
export function resolveColumns(ask: PredictionsAsk, columns: readonly TableColumn[]): ResolvedColumns {
  const find = (option: string) => (name: string) => findColumn(name, option, columns);
  const score = ask.score.flatMap((name) => findScores(name, columns));
  const resolved = {
    label: ask.label.flatMap((name) => split(name, columns)).map(find('label')),
    score,
    prediction: ask.prediction.flatMap((name) => split(name, columns)).map(find('prediction')),
    query: ask.query === null ? null : find('query')(ask.query),
    id: ask.id === null ? null : find('id')(ask.id),
    cluster: ask.cluster == null ? null : find('cluster')(ask.cluster),
    by: [...new Set(ask.by.flatMap((name) => split(name, columns)))].map((name) => findGroups(name, columns)),
  };
  const kept = [...resolved.by, ...(resolved.cluster === null ? [] : [resolved.cluster])];
  const clash = kept.find(({ name }) => reserved.test(name));
  if (clash !== undefined) {
    throw new PulltrainError('usage', {
      what: `groups cannot be made by a column named ${clash.name}, which the predictions use themselves`,
      where: clash === resolved.cluster ? '--cluster' : '--by',
      cure: 'Rename the column.',
    });
  }
  if (resolved.score.length === 0 && resolved.prediction.length === 0) {
    throw new PulltrainError('usage', { what: 'nothing to measure', cure: 'Name --score, --prediction, or both.' });
  }
  return resolved;
}

function findGroups(name: string, columns: readonly TableColumn[]): ResolvedColumns['by'][number] {
  const whole = columns.some((column) => column.name === name);
  const parts = whole ? [name] : columnsOf(name);
  return { name, columns: parts.map((part) => findColumn(part, 'by', columns)) };
}

function findScores(name: string, columns: readonly TableColumn[]): TableColumn[] {
  const exact = columns.filter((column) => column.name === name);
  if (exact.length > 0) return exact;
  const prefix = name.replace(/\*$/, '');
  const several = prefix === '' ? [] : columns.filter((column) => column.name.startsWith(prefix));
  if (several.length > 1 || (several.length === 1 && name.endsWith('*'))) return several;
  if (name.includes(',')) return split(name, columns).map((one) => findColumn(one, 'score', columns));
  return [findColumn(name, 'score', columns)];
}

/** A name that holds a comma may be one column or several. */
function split(name: string, columns: readonly TableColumn[]): string[] {
  if (columns.some((column) => column.name === name)) return [name];
  return name
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function findColumn(name: string, option: string, columns: readonly TableColumn[]): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const meant = nearestName(name, names);
  const shown = names.slice(0, 30).join(', ');
  throw new PulltrainError('column-missing', {
    what: 'no such column',
    where: `--${option}`,
    seen: name,
    allowed: names.length > 30 ? `${shown} and ${names.length - 30} more` : shown,
    ...(meant === undefined ? {} : { cure: `Did you mean ${meant}?` }),
  });
}
