import type { Cell, Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { placeAmong } from './group-codes.ts';

const quantiles = [0.2, 0.4, 0.6, 0.8];

/** A column as groups, the SQL that says which, and whether rare values share one. */
export type Cut = { by: string; names: string[]; sql: string; folded: boolean };

export type CutPlace = {
  relation: string;
  rows: number;
  /** Values that are told apart; of more the largest, and all others together. */
  mostGroups: number;
  /** Numbers and times with more values than this are cut into fifths. */
  mostNumbers: number;
};

/** Null for a column of one value, and for texts that nearly every row has one of its own of. */
export async function cutColumn(
  { name, type }: { name: string; type: string },
  { relation, rows, mostGroups, mostNumbers }: CutPlace,
  tables: Tables,
): Promise<Cut | null> {
  const column = quoteName(name);
  const isNumber = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type);
  const isOrdered = isNumber || /^(DATE|TIME)/.test(type);
  const text = `coalesce(CAST(${column} AS VARCHAR), '(missing)')`;
  const found = await tables.query(
    `SELECT ${text} AS "~name", count(*) AS "~n", count(*) OVER () AS "~values" FROM ${relation} GROUP BY 1 ORDER BY "~n" DESC, "~name" LIMIT ${mostGroups + 1}`,
  );
  const distinct = Number(found[0]?.['~values'] ?? 0);
  if (isOrdered && distinct > mostNumbers) return cutAtQuantiles({ name, type }, relation, tables);
  if (!isOrdered && distinct > mostGroups && distinct > rows / 2) return null;
  const names = found
    .slice(0, mostGroups)
    .map((row) => String(row['~name']))
    .sort(isNumber ? byNumber : undefined);
  if (found.length <= mostGroups) return { by: name, names, sql: placeAmong(names, text), folded: false };
  const sql = `coalesce(${placeAmong(names, text)}, ${names.length})`;
  return { by: name, names: [...names, '(all others)'], sql, folded: true };
}

async function cutAtQuantiles(
  { name, type }: { name: string; type: string },
  relation: string,
  tables: Tables,
): Promise<Cut | null> {
  const column = quoteName(name);
  const hasNaN = type === 'FLOAT' || type === 'DOUBLE';
  const missing = hasNaN ? `(${column} IS NULL OR isnan(${column}))` : `${column} IS NULL`;
  const asked = quantiles.map((p, at) => `CAST(quantile_disc(${column}, ${p}) AS VARCHAR) AS q${at}`).join(', ');
  const [found = {}] = await tables.query(
    `SELECT ${asked}, count(*) < (SELECT count(*) FROM ${relation}) AS some_missing FROM ${relation} WHERE NOT ${missing}`,
  );
  const edges = [...new Set(quantiles.map((_, at) => rounded(found[`q${at}`], hasNaN)))].filter(
    (edge) => edge !== null,
  );
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return null;
  const between = edges.slice(1).map((edge, at) => `${edges[at]} to < ${edge}`);
  const names = [`< ${first}`, ...between, `>= ${last}`, ...(found.some_missing === true ? ['(missing)'] : [])];
  const above = edges.map((edge) => `CAST(${column} >= CAST(${quoteText(edge)} AS ${type}) AS INTEGER)`).join(' + ');
  const sql = `CASE WHEN ${missing} THEN ${names.length - 1} ELSE ${above} END`;
  return { by: name, names, sql, folded: false };
}

/** Missing values last. */
function byNumber(left: string, right: string): number {
  const [first, second] = [Number(left), Number(right)];
  return Number.isNaN(first) || Number.isNaN(second)
    ? Number(Number.isNaN(first)) - Number(Number.isNaN(second))
    : first - second;
}

/** Floating-point edges to six digits: they are names as well. */
function rounded(edge: Cell | undefined, floating: boolean): string | null {
  if (typeof edge !== 'string') return null;
  return floating ? String(Number(Number(edge).toPrecision(6))) : edge;
}
