import type { TableColumn } from '../../data/open-table.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { isNumber, textSql } from './value-sql.ts';

const mostValues = 1000;

/** Distinct values of a column as text, in order; of more than a thousand the first thousand and one. */
export async function readValues(column: TableColumn, relation: string, tables: Tables): Promise<string[]> {
  const order = isNumber(column) ? `min(${quoteName(column.name)})` : '1';
  const found = await tables.query(
    `SELECT ${textSql(column)} AS value FROM ${relation} WHERE ${quoteName(column.name)} IS NOT NULL GROUP BY 1 ORDER BY ${order} LIMIT ${mostValues + 1}`,
  );
  return found.map(({ value }) => String(value));
}
