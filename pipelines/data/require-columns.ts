import { nearestName } from '../config/nearest-name.ts';
import { PulltrainError } from '../errors.ts';
import type { TableColumn } from './read-table.ts';

/** Throws `column-missing`, naming every one of `wanted` that a table lacks and what was probably meant. */
export function requireColumns(wanted: readonly string[], columns: readonly TableColumn[], where: string): void {
  const names = columns.map(({ name }) => name);
  const lacking = [...new Set(wanted)].filter((name) => !names.includes(name));
  if (lacking.length === 0) return;
  const meant = lacking.map((name) => nearestName(name, names)).filter((name) => name !== undefined);
  throw new PulltrainError('column-missing', {
    what: `there is no column ${lacking.map((name) => JSON.stringify(name)).join(', ')}`,
    where,
    allowed: names.slice(0, 50).join(', '),
    ...(meant.length === 0 ? {} : { cure: `Did you mean ${meant.join(', ')}?` }),
  });
}
