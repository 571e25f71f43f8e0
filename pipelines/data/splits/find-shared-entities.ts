import { z } from 'zod';
import type { LeakageFinding } from '../../contracts/leakage-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { type Pair, shownValue } from './find-twins.ts';
import { timeOf } from './plan-split.ts';

const sharedSchema = z.array(
  z.object({
    rows: z.number(),
    total: z.number(),
    entities: z.number(),
    shared: z.number(),
    examples: z.string().nullable(),
  }),
);
const cellsSchema = z.array(z.array(z.string().nullable()));

/** Rows of the holdout whose entity, named by the columns together, also has rows in the training data. Exact. */
export async function findSharedEntities(
  tables: Tables,
  { train, holdout }: Pair,
  columns: readonly string[],
  hidden: readonly string[],
): Promise<Omit<LeakageFinding, 'limit' | 'status'>> {
  const key = columns.map((name) => `trim(CAST(${quoteName(name)} AS VARCHAR))`);
  const there = columns.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const entity = `[${key.join(', ')}]`;
  const cells = ['CAST(r AS VARCHAR)', ...columns.map((_, index) => `s${index}`)].join(', ');
  const shown = columns.map((name, index) => `${shownValue(name, hidden)} AS s${index}`).join(', ');
  const [found] = sharedSchema.parse(
    await tables.query(`WITH seen AS (SELECT DISTINCT ${entity} AS k FROM ${train.from} WHERE ${there}),
looked AS (SELECT row_number() OVER () AS r, CASE WHEN ${there} THEN ${entity} END AS k, ${shown} FROM ${holdout.from}),
met AS (SELECT *, k IN (SELECT k FROM seen) AS hit FROM looked WHERE k IS NOT NULL)
SELECT count(*) AS total, count(*) FILTER (WHERE hit) AS rows, count(DISTINCT k) AS entities,
count(DISTINCT k) FILTER (WHERE hit) AS shared, CAST(to_json(arg_min([${cells}], r, 5) FILTER (WHERE hit)) AS VARCHAR) AS examples FROM met`),
  );
  const { rows = 0, total = 0, entities = 0, shared = 0, examples = null } = found ?? {};
  return {
    check: 'entity',
    columns: [...columns],
    method: `An entity is one value of ${columns.join(', ')}; rows without one are not looked at.`,
    rows,
    of: total,
    observed: `${shared} of ${entities} entities of the holdout also are in the training data, with ${rows} of its ${total} rows`,
    examples: cellsSchema.parse(JSON.parse(examples ?? '[]') ?? []).map(([row, ...values]) => ({
      row: Number(row),
      values: columns.map((column, at) => ({ column, value: values[at] ?? null })),
    })),
  };
}

const spanSchema = z.array(
  z.object({
    trained: z.string().nullable(),
    first: z.string().nullable(),
    last: z.string().nullable(),
    rows: z.number(),
    total: z.number(),
    inside: z.number(),
  }),
);

/** Rows of the holdout that are not later than the newest training row: a model may have seen what came after them. */
export async function findTimeOverlap(
  tables: Tables,
  { train, holdout }: Pair,
  column: string,
): Promise<Omit<LeakageFinding, 'limit' | 'status'>> {
  const time = timeOf(column);
  const [found] = spanSchema.parse(
    await tables.query(`WITH ends AS (SELECT max(${time}) AS newest FROM ${train.from}), looked AS (SELECT ${time} AS t FROM ${holdout.from}),
span AS (SELECT min(t) AS first, max(t) AS last, count(t) AS total, count(*) FILTER (WHERE t <= (SELECT newest FROM ends)) AS rows FROM looked)
SELECT CAST((SELECT newest FROM ends) AS VARCHAR) AS trained, CAST(first AS VARCHAR) AS first, CAST(last AS VARCHAR) AS last, rows, total,
(SELECT count(*) FROM ${train.from} WHERE ${time} BETWEEN first AND last) AS inside FROM span`),
  );
  const { trained = null, first = null, last = null, rows = 0, total = 0, inside = 0 } = found ?? {};
  return {
    check: 'time',
    columns: [column],
    method: `Training data ends before the holdout begins, by ${column}; rows that have no time are not looked at.`,
    rows,
    of: total,
    observed:
      trained === null || first === null
        ? 'one of the two tables has no time at all'
        : `training ends ${trained}, holdout is ${first} to ${last}; ${inside} training rows lie inside it`,
    examples: [],
  };
}
