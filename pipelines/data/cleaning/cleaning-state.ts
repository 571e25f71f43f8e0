import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import type { ReadableTable, TableColumn } from '../read-table.ts';
import { spareName } from '../spare-name.ts';

/** A table on its way through a recipe: a SELECT that keeps the number of each row of the file beside its columns. */
export type CleaningState = { sql: string; columns: TableColumn[]; row: string };

/** The table as it lies in the file, its columns cast to the types of `types` where they differ. */
export function startCleaning(table: ReadableTable, types: readonly TableColumn[] = []): CleaningState {
  const wanted = new Map(types.map(({ name, type }) => [name, type]));
  const row = spareName(
    table.columns.map(({ name }) => name),
    'row',
  );
  const parts = table.columns.map(({ name, type }) => {
    const column = quoteName(name);
    const target = wanted.get(name) ?? type;
    return target === type ? column : `CAST(${column} AS ${target}) AS ${column}`;
  });
  const columns = table.columns.map(({ name, type }) => ({ name, type: wanted.get(name) ?? type }));
  return { sql: `SELECT ${[...parts, `row_number() OVER () AS ${row}`].join(', ')} FROM ${table.from}`, columns, row };
}

/** The state after columns have got other values: `changes` has the SQL of new ones, `added` what comes behind them. */
export function withColumns(
  state: CleaningState,
  changes: ReadonlyMap<string, string>,
  added: readonly { name: string; sql: string }[] = [],
): string {
  const parts = state.columns.map(({ name }) => {
    const change = changes.get(name);
    return change === undefined ? quoteName(name) : `${change} AS ${quoteName(name)}`;
  });
  const more = added.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`);
  return `SELECT ${[...parts, ...more, state.row].join(', ')} FROM (${state.sql})`;
}

/** Columns and types of a SELECT, the row number left out. */
export async function columnsOf(tables: Tables, sql: string, row: string): Promise<TableColumn[]> {
  const described = await tables.query(`DESCRIBE ${sql}`);
  return described
    .map(({ column_name: name, column_type: type }) => ({ name: String(name), type: String(type) }))
    .filter(({ name }) => quoteName(name) !== row);
}

/** The SELECT of the cleaned table: rows in the order of the file, without their numbers. */
export function finishCleaning({ sql, columns, row }: CleaningState): string {
  return `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM (${sql}) ORDER BY ${row}`;
}
