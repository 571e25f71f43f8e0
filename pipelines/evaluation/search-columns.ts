import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { placeAmong } from './group-codes.ts';
import type { GroupColumn } from './measure-groups.ts';
import type { SearchColumns } from './measure-rows.ts';

const sampleTable = 'pulltrain_search';
/** Rows that are searched; of more every n-th. */
const mostRows = 100_000;
/** Columns that are searched, pairs of them included; 12 make 66 pairs. */
export const mostColumns = 12;
/** Values of a column that are told apart; of more the largest, and all others together. */
const mostGroups = 30;
const quantiles = [0.2, 0.4, 0.6, 0.8];

/** A column of the rows that were scored: its DuckDB type decides whether it is cut at quantiles or taken value by value. */
export type SearchedColumn = { name: string; type: string };

/**
 * Columns in which slices with a high loss can be looked for: values as they are where there are few, numbers and times cut
 * into fifths, texts with many values as their largest and the rest; one with a value of its own for nearly every row is
 * left out. `relation` has `rowNumber`, which counts from 0.
 */
export async function readSearchColumns(
  wanted: readonly SearchedColumn[],
  { relation, rowNumber, rows }: { relation: string; rowNumber: string; rows: number },
  tables: Tables,
): Promise<SearchColumns> {
  const considered = wanted.filter(({ type }) => !type.includes('[') && !/^(STRUCT|MAP|BLOB|UNION)/.test(type));
  const some = considered.slice(0, mostColumns);
  if (some.length === 0) return { columns: [], step: 1 };
  const step = Math.max(1, Math.ceil(rows / mostRows));
  const list = some.map(({ name }) => quoteName(name)).join(', ');
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${sampleTable} AS SELECT ${list} FROM ${relation} WHERE ${rowNumber} % ${step} = 0`,
  );
  const [facts = {}] = await tables.query(
    `SELECT ${some.map(({ name }, at) => `approx_count_distinct(${quoteName(name)}) AS n${at}`).join(', ')} FROM ${sampleTable}`,
  );
  const cuts: (Cut | null)[] = [];
  for (const [at, column] of some.entries())
    cuts.push(await cutOf(column, Number(facts[`n${at}`] ?? 0), rows / step, tables));
  const kept = cuts.filter((cut) => cut !== null);
  if (kept.length === 0) return { columns: [], step };
  const codes = await tables.columns(
    `SELECT ${kept.map(({ sql }, at) => `${sql} AS c${at}`).join(', ')} FROM ${sampleTable}`,
    kept.map((_, at) => `c${at}`),
  );
  const columns = kept.map(
    ({ by, names }, at): GroupColumn => ({ by, names, codes: codes[`c${at}`] ?? new Float64Array() }),
  );
  return { columns, step };
}

/** A column as groups, and the SQL that says which. */
type Cut = { by: string; names: string[]; sql: string };

async function cutOf(
  { name, type }: SearchedColumn,
  distinct: number,
  rows: number,
  tables: Tables,
): Promise<Cut | null> {
  const column = quoteName(name);
  const isNumber = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type);
  const isOrdered = isNumber || /^(DATE|TIME)/.test(type);
  if (distinct <= 1) return null;
  if (isOrdered && distinct > 10) return cutAtQuantiles(name, type, tables);
  if (!isOrdered && rows > 100 && distinct > rows / 2) return null;
  const text = `coalesce(CAST(${column} AS VARCHAR), '(missing)')`;
  const found = await tables.query(
    `SELECT ${text} AS name, count(*) AS n FROM ${sampleTable} GROUP BY 1 ORDER BY n DESC, name LIMIT ${mostGroups + 1}`,
  );
  const names = found.slice(0, mostGroups).map((row) => String(row.name));
  if (found.length <= mostGroups) return { by: name, names, sql: placeAmong(names, text) };
  return { by: name, names: [...names, '(all others)'], sql: `coalesce(${placeAmong(names, text)}, ${names.length})` };
}

async function cutAtQuantiles(name: string, type: string, tables: Tables): Promise<Cut | null> {
  const column = quoteName(name);
  const hasNaN = type === 'FLOAT' || type === 'DOUBLE';
  const missing = hasNaN ? `${column} IS NULL OR isnan(${column})` : `${column} IS NULL`;
  const asked = quantiles.map((p, at) => `CAST(quantile_disc(${column}, ${p}) AS VARCHAR) AS q${at}`).join(', ');
  const [found = {}] = await tables.query(`SELECT ${asked} FROM ${sampleTable} WHERE NOT (${missing})`);
  const edges = [...new Set(quantiles.map((_, at) => found[`q${at}`]))].filter((edge) => typeof edge === 'string');
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return null;
  const names = [
    `< ${first}`,
    ...edges.slice(1).map((edge, at) => `${edges[at]} to < ${edge}`),
    `>= ${last}`,
    '(missing)',
  ];
  const above = edges.map((edge) => `CAST(${column} >= CAST(${quoteText(edge)} AS ${type}) AS INTEGER)`).join(' + ');
  return { by: name, names, sql: `CASE WHEN ${missing} THEN ${names.length - 1} ELSE ${above} END` };
}
