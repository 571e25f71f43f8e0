import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { type Cut, cutColumn } from './cut-column.ts';
import type { GroupColumn } from './measure-groups.ts';
import type { SearchColumns } from './measure-rows.ts';

/** Rows that are searched; of more every n-th. */
const mostRows = 50_000;
/** Columns that are searched, pairs of them included; 12 make 66 pairs. */
export const mostColumns = 12;
/** Values of a column that are told apart; of more the largest, and all others together. */
const mostGroups = 30;

/** A column of the rows that were scored: its DuckDB type decides whether it is cut at quantiles or taken value by value. */
export type SearchedColumn = { name: string; type: string };

/**
 * Columns in which slices with a high loss can be looked for: values as they are where there are few, numbers and times cut
 * into fifths, texts with many values as their largest and the rest; one with a value of its own for nearly every row is
 * left out. `relation` has `rowNumber`, which counts from 0.
 */
export async function readSearchColumns(
  wanted: readonly SearchedColumn[],
  {
    relation,
    rowNumber,
    rows,
    table = 'pulltrain_search',
  }: { relation: string; rowNumber: string; rows: number /** Temporary table to make. */; table?: string },
  tables: Tables,
): Promise<SearchColumns> {
  const considered = wanted.filter(({ type }) => !type.includes('[') && !/^(STRUCT|MAP|BLOB|UNION)/.test(type));
  const some = considered.slice(0, mostColumns);
  if (some.length === 0) return { columns: [], step: 1 };
  const step = Math.max(1, Math.ceil(rows / mostRows));
  const list = some.map(({ name }) => quoteName(name)).join(', ');
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${list} FROM ${relation} WHERE ${rowNumber} % ${step} = 0`,
  );
  const place = { relation: table, rows: rows / step, mostGroups, mostNumbers: 10 };
  const cuts: (Cut | null)[] = [];
  for (const column of some) cuts.push(await cutColumn(column, place, tables));
  const kept = cuts.filter((cut) => cut !== null).filter(({ names }) => names.length > 1);
  if (kept.length === 0) return { columns: [], step };
  const codes = await tables.columns(
    `SELECT ${kept.map(({ sql }, at) => `${sql} AS c${at}`).join(', ')} FROM ${table}`,
    kept.map((_, at) => `c${at}`),
  );
  const columns = kept.map(
    ({ by, names }, at): GroupColumn => ({ by, names, codes: codes[`c${at}`] ?? new Float64Array() }),
  );
  return { columns, step };
}
