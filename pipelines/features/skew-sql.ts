import { quoteName, quoteText } from '../quote-sql.ts';
import { sqlType, type ValueType } from './feature-types.ts';
import { type JoinSubject, matchSql, timeValue } from './join-sql.ts';

/** Where served values come from. */
export type ServedRows =
  /** A table with a column per join key and feature. */
  | { kind: 'table'; source: string; time: string; timeType: string }
  /** Prediction logs of one model. */
  | { kind: 'log'; files: readonly string[]; model: string | null };

export type ServedFeature = { name: string; type: ValueType };

const timeName = '__asked';
const servedName = (name: string) => `__served ${name}`;
const numeric: readonly ValueType[] = ['int', 'float', 'double'];

/** Loads what was served into the temporary table `served`: time, join keys in their types, and what each feature was. */
export function loadServedSql(
  rows: ServedRows,
  keys: readonly ServedFeature[],
  features: readonly ServedFeature[],
): string {
  const isTable = rows.kind === 'table';
  const value = ({ name, type }: ServedFeature) => {
    const source = isTable ? quoteName(name) : `json_extract_string(features, ${pointer(name)})`;
    const text =
      type === 'float' ? `CAST(TRY_CAST(${source} AS DOUBLE) AS FLOAT)` : `TRY_CAST(${source} AS ${sqlType(type)})`;
    return numeric.includes(type) && type !== 'int' ? `CASE WHEN NOT isnan(${text}) THEN ${text} END` : text;
  };
  const columns = [
    `${isTable ? timeValue(quoteName(rows.time), rows.timeType) : '"at"'} AS ${quoteName(timeName)}`,
    ...keys.map((key) => `${value(key)} AS ${quoteName(key.name)}`),
    ...features.map((feature) => `${value(feature)} AS ${quoteName(servedName(feature.name))}`),
    // A feature that a logged request did not have is not compared; one that was null is.
    ...features.map(({ name }) => {
      const isThere = isTable ? 'true' : `json_exists(features, ${pointer(name)})`;
      return `${isThere} AS ${quoteName(`__has ${name}`)}`;
    }),
  ];
  return `CREATE OR REPLACE TEMP TABLE served AS SELECT ${columns.join(', ')} FROM ${isTable ? rows.source : logSql(rows)}`;
}

/** The join of what was served: `matchSql` over the table that `loadServedSql` left. */
export function servedMatchSql(keys: readonly ServedFeature[], parts: JoinSubject['parts']): string[] {
  const columns = new Map([
    [timeName, 'TIMESTAMP'],
    ...keys.map(({ name, type }): [string, string] => [name, sqlType(type)]),
  ]);
  return matchSql({ rows: 'served', columns, time: timeName, parts });
}

/** One row for a feature of part `part`: counts of equal and unequal values, and the largest difference. */
export function compareServedSql(part: number, feature: ServedFeature, tolerance: number): string {
  const { both, equal, difference } = terms(feature, tolerance);
  return `SELECT count(*) AS compared, count(*) FILTER (${equal}) AS equal,
  count(*) FILTER (s IS NULL AND j IS NOT NULL) AS missing_served, count(*) FILTER (s IS NOT NULL AND j IS NULL) AS missing_joined,
  count(*) FILTER (${both} AND NOT (${equal})) AS different, max(${difference}) AS largest FROM (${pairsSql(part, feature, [])})`;
}

/** Rows of a feature whose values differ, the earliest first. */
export function unequalServedSql(
  part: number,
  feature: ServedFeature,
  options: { tolerance: number; keys: readonly string[]; limit: number },
): string {
  const { equal } = terms(feature, options.tolerance);
  const time = quoteName(timeName);
  return `SELECT strftime(${time}, '%Y-%m-%dT%H:%M:%S.%fZ') AS time, s AS served, j AS joined${options.keys.map((key) => `, ${quoteName(key)} AS ${quoteName(`key ${key}`)}`).join('')}
FROM (${pairsSql(part, feature, [timeName, ...options.keys])}) WHERE NOT (${equal}) ORDER BY ${time}, __row LIMIT ${options.limit}`;
}

function pairsSql(part: number, { name, type }: ServedFeature, more: readonly string[]): string {
  const joined = `m.${quoteName(name)}`;
  const value = numeric.includes(type) && type !== 'int' ? `CASE WHEN NOT isnan(${joined}) THEN ${joined} END` : joined;
  const columns = [
    '__row',
    `s.${quoteName(servedName(name))} AS s`,
    `${value} AS j`,
    ...more.map((column) => `s.${quoteName(column)}`),
  ];
  return `SELECT ${columns.join(', ')} FROM (SELECT row_number() OVER () AS __row, * FROM served) s
JOIN match_${part} m USING (__row) WHERE s.${quoteName(`__has ${name}`)}`;
}

function terms({ type }: ServedFeature, tolerance: number) {
  const both = 's IS NOT NULL AND j IS NOT NULL';
  if (!numeric.includes(type)) return { both, equal: 's IS NOT DISTINCT FROM j', difference: 'NULL::DOUBLE' };
  const gap = 'abs(CAST(s AS DOUBLE) - CAST(j AS DOUBLE))';
  const scale = 'greatest(1, abs(CAST(s AS DOUBLE)), abs(CAST(j AS DOUBLE)))';
  // Equal infinities have no difference that is a number.
  const near = `(s = j OR ${gap} <= ${tolerance} * ${scale})`;
  return {
    both,
    equal: `((s IS NULL AND j IS NULL) OR (${both} AND coalesce(${near}, false)))`,
    difference: `CASE WHEN isfinite(${gap}) THEN ${gap} END`,
  };
}

function logSql({ files, model }: Extract<ServedRows, { kind: 'log' }>): string {
  const list = files.map(quoteText).join(', ');
  const ofModel = model === null ? '' : ` AND model = ${quoteText(model)}`;
  return `(SELECT "at", features FROM read_json([${list}], format = 'newline_delimited', ignore_errors = true,
  columns = {'v': 'INTEGER', 'at': 'TIMESTAMP', 'model': 'VARCHAR', 'variant': 'VARCHAR', 'features': 'JSON'})
WHERE v = 1 AND variant IN ('stable', 'candidate')${ofModel})`;
}

/** RFC 6901, so that no name can be taken for a path. */
function pointer(name: string): string {
  return quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}
