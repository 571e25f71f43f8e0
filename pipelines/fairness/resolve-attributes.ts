import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import { findColumn } from './read-values.ts';

export type NamedAttribute = { by: string; columns: string[] };

/**
 * Attributes from what was written: `race,sex,race*sex` are two columns and their intersection. A column that has such a
 * sign in its own name is taken at its word. Throws `usage` and `column-missing`.
 */
export function resolveAttributes(by: readonly string[], columns: readonly TableColumn[]): NamedAttribute[] {
  const isColumn = (name: string) => columns.some((column) => column.name === name);
  const parts = (text: string, sign: string) =>
    isColumn(text)
      ? [text]
      : text
          .split(sign)
          .map((part) => part.trim())
          .filter((part) => part !== '');
  const found = by
    .flatMap((text) => parts(text, ','))
    .map((text) => parts(text, '*').map((name) => findColumn(name, columns, 'by').name));
  const attributes = found
    .map((names) => [...new Set(names)])
    .map((names) => ({ by: names.join('*'), columns: names }));
  if (attributes.length === 0) {
    throw new PulltrainError('usage', {
      what: '--by is missing',
      cure: 'Name the columns whose values are the groups, e.g. --by sex,race,sex*race.',
    });
  }
  return attributes.filter((one, at) => attributes.findIndex(({ by: name }) => name === one.by) === at);
}
