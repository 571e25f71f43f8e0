import { quoteName, quoteText } from '../quote-sql.ts';
import type { FeatureView } from './definitions.ts';
import { sqlType } from './feature-types.ts';

/** SQL behind FROM for every input of a view, by the name it has in its SQL. */
export type InputRelations = Readonly<Record<string, string>>;

/** The rows that a view's SQL gives, as it gives them. */
function rawSql(view: FeatureView, inputs: InputRelations): string {
  const relations = Object.entries(inputs).map(
    ([alias, relation]) => `${quoteName(alias)} AS NOT MATERIALIZED (SELECT * FROM ${relation})`,
  );
  return `WITH ${relations.join(', ')} SELECT * FROM (${view.sql})`;
}

export function describeViewSql(view: FeatureView, inputs: InputRelations): string {
  return `DESCRIBE ${rawSql(view, inputs)}`;
}

/** Columns of a build in their order: keys, event time, created time, features. */
export function buildColumns(view: FeatureView): { name: string; type: string }[] {
  return [
    ...view.keys.map(({ name, type }) => ({ name, type: sqlType(type) })),
    { name: view.time, type: 'TIMESTAMP' },
    ...(view.created === null ? [] : [{ name: view.created, type: 'TIMESTAMP' }]),
    ...view.features.map(({ name, type }) => ({ name, type: sqlType(type) })),
  ];
}

/** Writes the build of a view. Rows are sorted by every column, so that equal rows give equal bytes. */
export function writeViewSql(view: FeatureView, inputs: InputRelations, file: string): string {
  const columns = buildColumns(view);
  const list = columns.map(({ name, type }) => `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`);
  const order = columns.map(({ name }) => `${quoteName(name)} ASC NULLS FIRST`);
  return `COPY (SELECT ${list.join(', ')} FROM (${rawSql(view, inputs)}) ORDER BY ${order.join(', ')})
TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`;
}

/** One row: `rows`, `unreachable`, `ambiguous`, `first`, `last` of a build. */
export function buildFactsSql(view: FeatureView, file: string): string {
  const relation = `read_parquet(${quoteText(file)})`;
  const reachable = reachableSql(view);
  const names = [...view.keys.map(({ name }) => name), view.time, ...(view.created === null ? [] : [view.created])];
  const group = names.map(quoteName).join(', ');
  const features = view.features.map(({ name }) => quoteName(name)).join(', ');
  const time = quoteName(view.time);
  return `SELECT count(*) AS rows, count(*) FILTER (NOT (${reachable})) AS unreachable,
  (SELECT count(*) FROM (SELECT 1 FROM (SELECT DISTINCT ${group}, ${features} FROM ${relation} WHERE ${reachable})
    GROUP BY ${group} HAVING count(*) > 1)) AS ambiguous,
  strftime(min(${time}), '%Y-%m-%dT%H:%M:%S.%fZ') AS first, strftime(max(${time}), '%Y-%m-%dT%H:%M:%S.%fZ') AS last
FROM ${relation}`;
}

/** True for the rows that a join can find. */
export function reachableSql(view: Pick<FeatureView, 'keys' | 'time' | 'created'>): string {
  const needed = [...view.keys.map(({ name }) => name), view.time, ...(view.created === null ? [] : [view.created])];
  return needed.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
}
