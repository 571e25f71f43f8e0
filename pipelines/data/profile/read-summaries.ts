import { z } from 'zod';
import type { Moments } from '../../contracts/data-profile.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { isNumeric, type ProfiledColumn } from './column-values.ts';

/** Squares of greater numbers leave the range of doubles when many are added. */
const greatestSquared = 1e140;

const numberSchema = z.object({
  present: z.number(),
  n: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  variance: z.number().nullable(),
});
const textSchema = z.object({
  present: z.number(),
  padded: z.number(),
  shortest: z.number().nullable(),
  longest: z.number().nullable(),
  characters: z.number().nullable(),
});

export type NumberSummary = {
  /** Not NULL; NaN counts as missing. */
  present: number;
  infinite: number;
  min: number | null;
  max: number | null;
  moments: Moments | null;
};
export type TextSummary = {
  present: number;
  empty: number;
  padded: number;
  shortest: number | null;
  longest: number | null;
  characters: number;
};
export type Summaries = { rows: number; numbers: Map<string, NumberSummary>; texts: Map<string, TextSummary> };

/** Counts, extremes and moments of every column, all in one pass; another one for the few columns that ask for it. */
export async function readSummaries(
  source: string,
  columns: readonly ProfiledColumn[],
  tables: Tables,
): Promise<Summaries> {
  const row = await readAll(source, columns, tables);
  const numbers = new Map<string, NumberSummary>();
  const texts = new Map<string, TextSummary>();
  for (const [index, column] of columns.entries()) {
    const own = ownCells(row, index);
    const count = (condition: string) => countRows(source, column, condition, tables);
    if (isNumeric(column)) {
      const { present, n, min, max, mean, variance } = numberSchema.parse(own);
      const nan = present > n && column.kind === 'number' ? await count(`isnan(${column.raw})`) : 0;
      const moments = momentsOf(n, mean, variance);
      numbers.set(column.name, { present: present - nan, infinite: present - nan - n, min, max, moments });
    } else {
      const { characters, ...rest } = textSchema.parse(own);
      const empty = rest.shortest === 0 ? await count(`${column.raw} = ''`) : 0;
      texts.set(column.name, { ...rest, empty, characters: characters ?? 0 });
    }
  }
  return { rows: Number(row.rows ?? 0), numbers, texts };
}

/** Numbers that are too great to be squared make the engine give up; then the moments of their columns are left out. */
async function readAll(source: string, columns: readonly ProfiledColumn[], tables: Tables): Promise<Row> {
  try {
    return await readOnce(source, columns, numberSql, tables);
  } catch {
    return readOnce(source, columns, carefulNumberSql, tables);
  }
}

async function readOnce(
  source: string,
  columns: readonly ProfiledColumn[],
  numbers: (x: string) => Record<string, string>,
  tables: Tables,
): Promise<Row> {
  const values = columns.flatMap(({ raw, value }, index) => [`${raw} AS r${index}`, `${value} AS x${index}`]);
  const asked = columns.flatMap((column, index) =>
    Object.entries({
      present: `count(r${index})`,
      ...(isNumeric(column) ? numbers(`x${index}`) : column.kind === 'text' ? textSql(`x${index}`) : noTextSql),
    }).map(([name, sql]) => `${sql} AS "${index}.${name}"`),
  );
  const inner = columns.length === 0 ? '1' : values.join(', ');
  const [row = {}] = await tables.query(
    `SELECT ${['count(*) AS rows', ...asked].join(', ')} FROM (SELECT ${inner} FROM ${source} AS source)`,
  );
  return row;
}

function numberSql(x: string): Record<string, string> {
  return {
    n: `count(${x})`,
    min: `min(${x})`,
    max: `max(${x})`,
    mean: `avg(${x})`,
    variance: `var_pop(${x})`,
  };
}

function carefulNumberSql(x: string): Record<string, string> {
  const known = `CASE WHEN max(abs(${x})) < ${greatestSquared} THEN`;
  const small = `CASE WHEN abs(${x}) < ${greatestSquared} THEN ${x} END`;
  return { ...numberSql(x), mean: `${known} avg(${small}) END`, variance: `${known} var_pop(${small}) END` };
}

function textSql(x: string): Record<string, string> {
  return {
    padded: `coalesce(count_if(starts_with(${x}, ' ') OR suffix(${x}, ' ')), 0)`,
    shortest: `min(length(${x}))`,
    longest: `max(length(${x}))`,
    characters: `sum(length(${x}))`,
  };
}

const noTextSql = { padded: '0', shortest: 'NULL', longest: 'NULL', characters: '0' };

function ownCells(row: Row, index: number): Row {
  const prefix = `${index}.`;
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, cell]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), cell]] : [])),
  );
}

async function countRows(source: string, { name }: ProfiledColumn, condition: string, tables: Tables): Promise<number> {
  const [row] = await tables.query(`SELECT count(*) AS n FROM ${source} AS source WHERE ${condition}`);
  return z.number({ error: `no count of ${name}` }).parse(row?.n);
}

function momentsOf(n: number, mean: number | null, variance: number | null): Moments | null {
  if (n === 0) return { n, mean: 0, m2: 0 };
  if (mean === null || variance === null) return null;
  const m2 = Math.max(0, variance * n);
  return Number.isFinite(m2) ? { n, mean, m2 } : null;
}
