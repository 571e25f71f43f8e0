import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$/;

export function isNumeric({ type }: TableColumn): boolean {
  return numeric.test(type);
}

/** Finds a column by its name; throws `column-missing`. */
export function findColumn(name: string, columns: readonly TableColumn[], option: string): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw new PulltrainError('column-missing', {
    what: `there is no column for --${option}`,
    seen: name,
    allowed: columns.map((column) => column.name).join(', '),
  });
}

/** SQL of a value as a text by which it is known: numbers without needless decimals, nothing for NULL and NaN. */
export function keySql(column: TableColumn): string {
  const name = quoteName(column.name);
  if (!isNumeric(column)) return `CAST(${name} AS VARCHAR)`;
  const number = `CAST(${name} AS DOUBLE)`;
  return `CASE WHEN isnan(${number}) THEN NULL WHEN isfinite(${number}) AND ${number} = floor(${number}) AND abs(${number}) < 1e15 THEN CAST(CAST(${number} AS BIGINT) AS VARCHAR) ELSE CAST(${name} AS VARCHAR) END`;
}

/** Distinct values of a column, numbers in their order and texts in theirs; one more than `most` tells that there are more. */
export async function readValues(column: TableColumn, source: string, most: number, tables: Tables): Promise<string[]> {
  const order = isNumeric(column) ? `min(${quoteName(column.name)}), ` : '';
  const rows = await tables.query(
    `SELECT key FROM (SELECT ${keySql(column)} AS key, ${quoteName(column.name)} FROM ${source}) WHERE key IS NOT NULL GROUP BY key ORDER BY ${order}key LIMIT ${most + 1}`,
  );
  return rows.map(({ key }) => String(key));
}
