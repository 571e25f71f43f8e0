import { tableFormat } from '../data/table-source.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import type { FeatureView, ServiceItem } from './definitions.ts';
import { sqlType } from './feature-types.ts';
import { eventColumn, timelineSql, visibleColumn } from './timeline-sql.ts';

/** One part of a join: features of a view whose build lies in `file`. */
export type JoinPart = { view: FeatureView; file: string; item: ServiceItem };

export type JoinSubject = {
  /** SQL behind FROM that gives the rows in their order. */
  rows: string;
  /** Columns of the rows with the engine's types. */
  columns: ReadonlyMap<string, string>;
  time: string;
  parts: readonly JoinPart[];
};

/** Column with the place of a row in the input. */
const rowColumn = '__row';
const timeColumn = '__time';
const statuses = { absent: 0, expired: 1, found: 2 };

/**
 * Statements that leave one temporary table `match_<i>` per part: for each row the values that were known at its time; and
 * `matched`, all of them in the order of the rows.
 * Keys are numbered first, because the engine pairs times within numbers three times as fast as within texts.
 */
export function matchSql({ rows, columns, time, parts }: JoinSubject): string[] {
  const keys = parts.flatMap(({ item }, part) =>
    item.keys.map(({ column, type }, key) => {
      const value = keyValue(quoteName(column), columns.get(column) ?? '', type);
      return `${value} AS __key_${part}_${key}`;
    }),
  );
  const asked = [
    `row_number() OVER () AS ${rowColumn}`,
    `${timeValue(quoteName(time), columns.get(time) ?? '')} AS ${timeColumn}`,
    ...keys,
  ];
  return [
    `CREATE TEMP TABLE asked AS SELECT ${asked.join(', ')} FROM ${rows}`,
    ...parts.flatMap((part, index) => partSql(part, index, parts)),
    matchedSql(parts),
  ];
}

function partSql({ view, file, item }: JoinPart, index: number, parts: readonly JoinPart[]): string[] {
  // Two parts of one view (origin and destination) share its timeline.
  const first = parts.findIndex((other) => other.file === file && other.view === view);
  const names = item.keys.map(({ name }) => quoteName(name));
  const numbered = `t.* EXCLUDE (${names.join(', ')})`;
  const same = item.keys.map((_, key) => `n.${names[key]} = a.__key_${index}_${key}`).join(' AND ');
  // Times as numbers: the engine compares them several times as fast as a time with a time less an interval.
  const fresh =
    view.ttl === null ? 'true' : `epoch_us(t.${eventColumn}) >= epoch_us(a.${timeColumn}) - ${view.ttl * 1_000_000}`;
  const status = `CASE WHEN t.${eventColumn} IS NULL THEN ${statuses.absent} WHEN ${fresh} THEN ${statuses.found} ELSE ${statuses.expired} END::TINYINT`;
  const values = item.features.map(
    ({ name, as }) => `CASE WHEN __status = ${statuses.found} THEN ${quoteName(name)} END AS ${quoteName(as)}`,
  );
  return [
    ...(first === index
      ? [
          `CREATE TEMP TABLE timeline_${index} AS ${timelineSql(view, file)}`,
          `CREATE TEMP TABLE keys_${index} AS SELECT ${names.join(', ')}, row_number() OVER ()::INTEGER AS __key FROM (SELECT DISTINCT ${names.join(', ')} FROM timeline_${index})`,
          `CREATE TEMP TABLE numbered_${index} AS SELECT n.__key, ${numbered} FROM timeline_${index} t JOIN keys_${index} n USING (${names.join(', ')})`,
        ]
      : []),
    `CREATE TEMP TABLE match_${index} AS SELECT ${rowColumn}, __status, ${values.join(', ')} FROM (
SELECT a.${rowColumn}, ${status} AS __status, t.* EXCLUDE (__key)
FROM (SELECT a.${rowColumn}, a.${timeColumn}, n.__key FROM asked a LEFT JOIN keys_${first} n ON ${same}) a
ASOF LEFT JOIN numbered_${first} t ON a.__key = t.__key AND a.${timeColumn} >= t.${visibleColumn})`,
  ];
}

/**
 * The rows in their order, with the features of every part behind their own columns. Needs what `matchSql` leaves. The
 * matches are sorted and put beside the rows by position, which costs a third of sorting the rows themselves.
 */
function joinedSql({ rows, parts }: JoinSubject): string {
  const features = parts.flatMap(({ item }) => item.features.map(({ as }) => `matched.${quoteName(as)}`));
  return `SELECT ${['r.*', ...features].join(', ')} FROM (SELECT * FROM ${rows}) r POSITIONAL JOIN matched`;
}

function matchedSql(parts: readonly JoinPart[]): string {
  const features = parts.flatMap(({ item }, index) =>
    item.features.map(({ as }) => `match_${index}.${quoteName(as)} AS ${quoteName(as)}`),
  );
  const joins = parts.slice(1).map((_, index) => `JOIN match_${index + 1} USING (${rowColumn})`);
  return `CREATE TEMP TABLE matched AS SELECT ${features.join(', ')} FROM match_0 ${joins.join(' ')} ORDER BY match_0.${rowColumn}`;
}

/** Writes the joined rows to a Parquet, CSV or JSON lines file, by its ending. */
export function writeJoinSql(subject: JoinSubject, file: string, named: string): string {
  const format = {
    parquet: 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880',
    csv: 'FORMAT csv, HEADER',
    json: 'FORMAT json',
  };
  return `COPY (${joinedSql(subject)}) TO ${quoteText(file)} (${format[tableFormat(named)]})`;
}

/** One row per part: how many rows found a value, only one that was too old, or none. */
export function countMatchesSql(parts: readonly unknown[]): string {
  const counts = parts.map(
    (_, index) => `SELECT ${index} AS part, count(*) AS rows, count(*) FILTER (__status = ${statuses.found}) AS found,
  count(*) FILTER (__status = ${statuses.expired}) AS expired FROM match_${index}`,
  );
  return `${counts.join('\nUNION ALL ')} ORDER BY part`;
}

/** A moment as UTC without an offset. Text without an offset is taken as UTC. */
export function timeValue(column: string, type: string): string {
  return type === 'VARCHAR'
    ? `CAST(CAST(${column} AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP)`
    : `CAST(${column} AS TIMESTAMP)`;
}

/** A join key; a whole number that came as a floating one, as tables with gaps have it, counts as what it is. */
export function keyValue(column: string, seen: string, type: JoinPart['item']['keys'][number]['type']): string {
  if (type !== 'int' || !['DOUBLE', 'FLOAT'].includes(seen)) return `CAST(${column} AS ${sqlType(type)})`;
  return `CASE WHEN isfinite(${column}) AND ${column} = trunc(${column}) THEN CAST(${column} AS BIGINT) END`;
}
