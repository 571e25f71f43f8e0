import type { ColumnProfile } from '../contracts/profile.ts';
import { quoteName, quoteText } from './quote-sql.ts';

/** Rows in SQL: anything that may stand behind FROM. */
export type Relation = string;

/** Inner edges of the twenty bins a numeric column is cut into, as shares of the reference rows. */
const quantiles = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);
/** Categories that are counted by name; the rest is `other`. */
const categoryLimit = 50;

/** Reads from rows called `source`: a bare name could mean one of our own aliases. */
export function fromSql(relation: Relation): string {
  return `FROM ${relation} AS source`;
}

/** A column of `source` as a number. NaN is as absent as NULL: DuckDB would sort it above every number. */
export function numberSql(name: string): string {
  const column = `CAST(source.${quoteName(name)} AS DOUBLE)`;
  return `CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END`;
}

export function momentsSql(relation: Relation, name: string): string {
  return `SELECT avg(x) FILTER (isfinite(x)) AS mean, stddev_samp(x) FILTER (isfinite(x)) AS std
FROM (SELECT ${numberSql(name)} AS x ${fromSql(relation)})`;
}

/** The quantiles as rows `edge`, rising, each with the `next` larger value of the column (NULL for the largest). */
export function quantileEdgesSql(relation: Relation, name: string): string {
  return `WITH v AS (SELECT ${numberSql(name)} AS x ${fromSql(relation)}),
edges AS (SELECT DISTINCT unnest(quantile_disc(x, [${quantiles.join(', ')}])) AS edge FROM v WHERE isfinite(x)),
distinct_values AS (SELECT DISTINCT x FROM v WHERE isfinite(x)),
ordered AS (SELECT x, lead(x) OVER (ORDER BY x) AS next FROM distinct_values)
SELECT edge, next FROM edges JOIN ordered ON edge = x ORDER BY edge`;
}

export function topCategoriesSql(relation: Relation, name: string): string {
  return `SELECT CAST(source.${quoteName(name)} AS VARCHAR) AS category ${fromSql(relation)}
WHERE source.${quoteName(name)} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${categoryLimit}`;
}

/** Rows `bucket`, `bin`, `n`: bin -1 is missing, the others follow `binCount`. */
export function binCountsSql(relation: Relation, bucket: string, column: ColumnProfile): string {
  const value =
    column.type === 'numeric' ? numberSql(column.name) : `CAST(source.${quoteName(column.name)} AS VARCHAR)`;
  return `SELECT bucket, ${binSql(column)} AS bin, count(*) AS n
FROM (SELECT ${bucket} AS bucket, ${value} AS x ${fromSql(relation)})
WHERE bucket IS NOT NULL GROUP BY 1, 2`;
}

/** Bins of a column: one more than edges, or its categories in order and `other`. */
export function binCount(column: ColumnProfile): number {
  return column.type === 'numeric' ? column.edges.length + 1 : Object.keys(column.counts).length + 1;
}

/** The bin of the value `x`. */
function binSql(column: ColumnProfile): string {
  if (column.type === 'numeric') {
    const whens = column.edges.map((edge, bin) => `WHEN x <= CAST(${edge} AS DOUBLE) THEN ${bin}`);
    return `CASE WHEN x IS NULL THEN -1 ${whens.join(' ')} ELSE ${column.edges.length} END`;
  }
  const categories = Object.keys(column.counts);
  const whens = categories.map((category, bin) => `WHEN x = ${quoteText(category)} THEN ${bin}`);
  return `CASE WHEN x IS NULL THEN -1 ${whens.join(' ')} ELSE ${categories.length} END`;
}
