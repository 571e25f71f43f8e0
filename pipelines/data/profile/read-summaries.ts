import { z } from 'zod';
import type { Moments } from '../../contracts/data-profile.ts';
import type { Tables } from '../../ports/tables.ts';
import { isNumeric, type ProfiledColumn } from './column-values.ts';

/** Squares of greater numbers leave the range of doubles when many are added. */
const greatestSquared = 1e140;

const numberSchema = z.object({
  present: z.number(),
  n: z.number(),
  zeros: z.number(),
  negatives: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  variance: z.number().nullable(),
});
const textSchema = z.object({
  present: z.number(),
  empty: z.number(),
  padded: z.number(),
  shortest: z.number().nullable(),
  longest: z.number().nullable(),
  characters: z.number(),
});

export type NumberSummary = Omit<z.infer<typeof numberSchema>, 'mean' | 'variance'> & { moments: Moments | null };
export type TextSummary = z.infer<typeof textSchema>;
export type Summaries = { rows: number; numbers: Map<string, NumberSummary>; texts: Map<string, TextSummary> };

/** Counts, extremes and moments of every column, all in one pass over the rows. */
export async function readSummaries(
  source: string,
  columns: readonly ProfiledColumn[],
  tables: Tables,
): Promise<Summaries> {
  const values = columns.map(({ value }, index) => `${value} AS x${index}`);
  const asked = columns.flatMap((column, index) =>
    Object.entries(isNumeric(column) ? numberSql(`x${index}`) : textSql(`x${index}`)).map(
      ([name, sql]) => `${sql} AS "${index}.${name}"`,
    ),
  );
  const inner = columns.length === 0 ? '1' : values.join(', ');
  const [row = {}] = await tables.query(
    `SELECT ${['count(*) AS rows', ...asked].join(', ')} FROM (SELECT ${inner} FROM ${source} AS source)`,
  );
  const numbers = new Map<string, NumberSummary>();
  const texts = new Map<string, TextSummary>();
  columns.forEach((column, index) => {
    const prefix = `${index}.`;
    const own = Object.fromEntries(
      Object.entries(row).flatMap(([key, cell]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), cell]] : [])),
    );
    if (!isNumeric(column)) {
      texts.set(column.name, textSchema.parse(own));
      return;
    }
    const { mean, variance, ...rest } = numberSchema.parse(own);
    numbers.set(column.name, { ...rest, moments: momentsOf(rest.n, mean, variance) });
  });
  return { rows: Number(row.rows ?? 0), numbers, texts };
}

function momentsOf(n: number, mean: number | null, variance: number | null): Moments | null {
  if (n === 0) return { n, mean: 0, m2: 0 };
  return mean === null || variance === null ? null : { n, mean, m2: Math.max(0, variance * n) };
}

/** A value that is too great to be squared makes the moments unknown, and is no reason to fail. */
function numberSql(x: string): Record<string, string> {
  const small = `abs(${x}) < ${greatestSquared}`;
  const known = `CASE WHEN count(*) FILTER (isfinite(${x}) AND abs(${x}) >= ${greatestSquared}) = 0 THEN`;
  return {
    present: `count(${x})`,
    n: `count(*) FILTER (isfinite(${x}))`,
    zeros: `count(*) FILTER (${x} = 0)`,
    negatives: `count(*) FILTER (${x} < 0)`,
    min: `min(${x}) FILTER (isfinite(${x}))`,
    max: `max(${x}) FILTER (isfinite(${x}))`,
    mean: `${known} avg(${x}) FILTER (${small}) END`,
    variance: `${known} var_pop(${x}) FILTER (${small}) END`,
  };
}

function textSql(x: string): Record<string, string> {
  return {
    present: `count(${x})`,
    empty: `count(*) FILTER (${x} = '')`,
    padded: `count(*) FILTER (starts_with(${x}, ' ') OR suffix(${x}, ' '))`,
    shortest: `min(length(${x}))`,
    longest: `max(length(${x}))`,
    characters: `coalesce(sum(length(${x})), 0)`,
  };
}
