import { z } from 'zod';
import type { LeakageFinding } from '../../contracts/leakage-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import type { ReadableTable } from '../read-table.ts';
import { type ComparedColumn, hashedRows, joinedHash } from './compared-columns.ts';

export type Pair = { train: ReadableTable; holdout: ReadableTable };
type Hits = Pick<LeakageFinding, 'rows' | 'of' | 'examples'>;

/** Columns of a row that are shown. */
const mostShown = 6;
/** With fewer features, all but one of them say too little. */
const leastForButOne = 4;
/** With more, comparing all but one of them multiplies the rows too far. */
const mostForButOne = 100;

const hitSchema = z.array(z.object({ rows: z.number(), total: z.number(), examples: z.string().nullable() }));
const cellsSchema = z.array(z.array(z.string().nullable()));

/** Rows of the holdout that equal a row of the training data in every feature. */
export async function findExactTwins(
  tables: Tables,
  pair: Pair,
  columns: readonly ComparedColumn[],
  hidden: readonly string[],
): Promise<Omit<LeakageFinding, 'limit' | 'status'>> {
  const sides = { values: columns.map(({ exact }) => exact), butOne: false, but: null };
  const hits = await findHits(tables, pair, sides, shownOf(columns, hidden));
  return {
    check: 'exact',
    columns: columns.map(({ name }) => name),
    method: `Equal in every feature both have${columns.length > 8 ? '' : ` (${columns.map(({ name }) => name).join(', ')})`}; compared by 64-bit hashes, so a false hit among n times m pairs has a chance of n m / 2^64.`,
    observed: `${hits.rows} of ${hits.of} rows of the holdout also are in the training data`,
    ...hits,
  };
}

/** Rows of the holdout that nearly equal a row of the training data, and are not exactly equal to one. */
export async function findNearTwins(
  tables: Tables,
  pair: Pair,
  features: readonly ComparedColumn[],
  hidden: readonly string[],
): Promise<Omit<LeakageFinding, 'limit' | 'status'>> {
  const butOne = features.length >= leastForButOne && features.length <= mostForButOne;
  const exact = joinedHash(features.map(({ exact: value }) => value));
  const sides = { values: features.map(({ rounded }) => rounded), butOne, but: exact };
  const hits = await findHits(tables, pair, sides, shownOf(features, hidden));
  return {
    check: 'near',
    columns: features.map(({ name }) => name),
    method: `Equal in every feature${butOne ? ', or in all but one,' : ''} with numbers rounded to three digits and text without regard to case and blanks; numbers on either side of a rounding step are missed, and exact hits are not counted again.`,
    observed: `${hits.rows} of ${hits.of} rows of the holdout nearly equal a row of the training data`,
    ...hits,
  };
}

/** Rows of a table that equal another row of it in every compared column. */
export async function countRepeats(
  tables: Tables,
  table: ReadableTable,
  columns: readonly ComparedColumn[],
): Promise<number> {
  const key = joinedHash(columns.map(({ exact }) => exact));
  const [row] = await tables.query(
    `SELECT coalesce(sum(n), 0) AS rows FROM (SELECT count(*) AS n FROM ${table.from} GROUP BY ${key} HAVING count(*) > 1)`,
  );
  return Number(row?.rows ?? 0);
}

function shownOf(columns: readonly ComparedColumn[], hidden: readonly string[]): { name: string; sql: string }[] {
  return columns.slice(0, mostShown).map(({ name }) => ({ name, sql: shownValue(name, hidden) }));
}

/** SQL of a value for a reader, cut to 80 characters; '(hidden)' for a column that must not be printed. */
export function shownValue(name: string, hidden: readonly string[]): string {
  const column = quoteName(name);
  if (hidden.includes(name)) return `CASE WHEN ${column} IS NOT NULL THEN '(hidden)' END`;
  const text = `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN length(${text}) > 80 THEN left(${text}, 79) || '…' ELSE ${text} END`;
}

/** Rows of the holdout of which one of the keys also is a key of a training row; `but` takes out those it is equal in. */
async function findHits(
  tables: Tables,
  { train, holdout }: Pair,
  { values, butOne, but }: { values: readonly string[]; butOne: boolean; but: string | null },
  shown: readonly { name: string; sql: string }[],
): Promise<Hits> {
  const cells = ['CAST(r AS VARCHAR)', ...shown.map((_, index) => `s${index}`)].join(', ');
  const beside = [
    'row_number() OVER () AS r',
    ...shown.map(({ sql }, index) => `${sql} AS s${index}`),
    ...(but === null ? [] : [`${but} AS e`]),
  ];
  const known = but === null ? '' : ' ANTI JOIN seen_exactly USING (e)';
  const exactly = but === null ? '' : `, seen_exactly AS (SELECT DISTINCT ${but} AS e FROM ${train.from})`;
  const [found] = hitSchema.parse(
    await tables.query(`WITH seen AS (SELECT DISTINCT unnest(keys) AS k FROM (${hashedRows(train.from, values, butOne)}))${exactly},
looked AS (${hashedRows(holdout.from, values, butOne, beside)}),
open AS (SELECT * FROM looked${known}),
hit AS (SELECT DISTINCT r FROM (SELECT r, unnest(keys) AS k FROM open) WHERE k IN (SELECT k FROM seen))
SELECT (SELECT count(*) FROM looked) AS total, count(*) AS rows, CAST(to_json(arg_min([${cells}], r, 5)) AS VARCHAR) AS examples
FROM open WHERE r IN (SELECT r FROM hit)`),
  );
  const examples = cellsSchema.parse(JSON.parse(found?.examples ?? '[]') ?? []).map(([row, ...values]) => ({
    row: Number(row),
    values: shown.map(({ name }, at) => ({ column: name, value: values[at] ?? null })),
  }));
  return { rows: found?.rows ?? 0, of: found?.total ?? 0, examples };
}
