import { z } from 'zod';
import type { SeenRows } from '../contracts/judgement.ts';
import { joinedHash } from '../data/splits/compared-columns.ts';
import { tableSource } from '../data/table-source.ts';
import { kindOf } from '../data/validation/typed-value.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { holdoutTable } from './load-holdout.ts';

/** Rows of the holdout that are looked at; of more, those whose hash is a multiple of how many times more there are. */
const mostLooked = 50_000;

const countsSchema = z.tuple([
  z.object({
    of: z.coerce.number(),
    repeats: z.coerce.number(),
    rows: z.coerce.number(),
    trained: z.coerce.number(),
  }),
]);

export type SeenSubject = {
  /** Local table file of training data. */
  file: string;
  /** Columns of the holdout with their DuckDB types. */
  columns: ReadonlyMap<string, string>;
  /** Rows of the holdout. */
  rows: number;
  /** Time column of the policy. */
  time: string | undefined;
  /** Share of rows above which it is too many. */
  limit: number;
};

/**
 * How many rows of the holdout, whose table `loadHoldout` made, equal a row of training data in every column that both
 * have; null when they have none in common, or when both tell the time: then rows of other days, which `findLeaks` looks for,
 * cannot be equal. Equal rows fall into the sample together, so that a share of the rows tells the
 * same as all of them.
 *
 * Rows that are common meet again in any data. What chance explains is told by the holdout itself: when a share r of its n
 * rows equals another of them, then of M independent rows at most 1 - (1 - r)^(M/n) are expected to hold a given one's
 * equal (Jensen's inequality over how common rows are, for M >= n; r itself below).
 */
export async function findSeenRows(
  { file, columns, rows, time, limit }: SeenSubject,
  tables: Tables,
): Promise<Pick<SeenRows, 'columns' | 'rows' | 'of' | 'expected' | 'limit' | 'status'> | null> {
  const relation = tableSource(file);
  const described = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  const shared = [...columns].filter(([name]) => types.has(name));
  if (shared.length === 0 || (time !== undefined && types.has(time))) return null;
  const key = joinedHash(shared.map(([name, type]) => comparable(name, type, types.get(name) ?? '')));
  const part = Math.max(1, Math.floor(rows / mostLooked));
  const hashed = (from: string) => `SELECT k FROM (SELECT ${key} AS k FROM ${from}) WHERE k % ${part} = 0`;
  const [counts] = countsSchema.parse(
    await tables.query(`WITH looked AS (SELECT k, count(*) AS n FROM (${hashed(holdoutTable)}) GROUP BY k),
met AS (SELECT DISTINCT k FROM (${hashed(relation)}) WHERE k IN (SELECT k FROM looked))
SELECT coalesce(sum(n), 0) AS of, coalesce(sum(n) FILTER (WHERE n > 1), 0) AS repeats,
coalesce(sum(n) FILTER (WHERE k IN (SELECT k FROM met)), 0) AS rows, (SELECT count(*) FROM ${relation}) AS trained FROM looked`),
  );
  const of = Math.max(1, counts.of);
  const expected = expectedShare({ repeats: counts.repeats, of }, counts.trained / rows);
  const share = counts.rows / of;
  const chance = expected + SIGMAS * Math.sqrt((share * (1 - share)) / of);
  const status = share <= limit ? 'pass' : share <= chance + limit ? 'warning' : 'leak';
  return { columns: shared.length, rows: counts.rows, of, expected, limit, status };
}

/** Errors of a share that chance is given before anything is called a leak. */
const SIGMAS = 3;

/** `times` is how many training rows there are for every row of the holdout. */
function expectedShare({ repeats, of }: { repeats: number; of: number }, times: number): number {
  if (times === 0) return 0;
  const share = repeats / of;
  // Rows that equal each other come in twos at least, so that half of them tell independently; 3/n is for none of n.
  const most = Math.min(1, share + SIGMAS * Math.sqrt((2 * share * (1 - share)) / of) + 3 / of);
  return times <= 1 ? most : 1 - (1 - most) ** times;
}

/** SQL of a value that is the same in both tables whenever the values are, without a cast where the types agree. */
function comparable(name: string, type: string, other: string): string {
  const column = quoteName(name);
  if (type === other) return column;
  const isNumber = [type, other].every((one) => ['integer', 'float', 'decimal'].includes(kindOf(one)));
  return isNumber ? `CAST(${column} AS DOUBLE) + 0.0` : `trim(CAST(${column} AS VARCHAR))`;
}
