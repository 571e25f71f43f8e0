import type { TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { textSql } from './value-sql.ts';

/** The rows of a table of predictions, numbered from 0 as `"~row"`. */
export const predictionsView = 'pulltrain_predictions';

/** A number of every row, by the SQL that makes it, with the column it comes from and the classes it may hold. */
export type WrittenColumn = { sql: string; column: TableColumn; classes: readonly string[] };

/** Every number of every row. Throws `label-invalid` for a value that is none of the classes. */
export async function readNumbers(
  written: Record<string, WrittenColumn>,
  tables: Tables,
): Promise<Record<string, Float64Array>> {
  const columns = Object.entries(written);
  const list = columns.map(([name, { sql }]) => `${sql} AS ${quoteName(name)}`).join(', ');
  const read = await tables.columns(
    `SELECT ${list} FROM ${predictionsView}`,
    columns.map(([name]) => name),
  );
  for (const [name, origin] of columns) {
    const values = read[name] ?? new Float64Array();
    const at = values.findIndex(Number.isNaN);
    if (at >= 0) throw await unknownValue(values, at, origin, tables);
  }
  return read;
}

async function unknownValue(
  values: Float64Array,
  at: number,
  { column, classes }: WrittenColumn,
  tables: Tables,
): Promise<PulltrainError> {
  const count = values.filter(Number.isNaN).length;
  const [row = {}] = await tables.query(
    `SELECT ${textSql(column)} AS seen FROM ${predictionsView} WHERE "~row" = ${at}`,
  );
  return new PulltrainError('label-invalid', {
    what: `${count} ${count === 1 ? 'row has' : 'rows have'} a value that is none of the classes`,
    where: column.name,
    seen: `${JSON.stringify(row.seen)} in row ${at + 1}`,
    allowed: `${classes.slice(0, 20).join(', ')}${classes.length > 20 ? ', ...' : ''}`,
  });
}
