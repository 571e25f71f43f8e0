import type { ColumnProfile } from '../contracts/profile.ts';
import { quoteName, quoteText } from '../quote-sql.ts';

/** Temporary table with the rows of the log that a watch looks at. */
const logTable = 'pulltrain_log';
/** Temporary table with those of them that fall into the window. */
export const windowTable = 'pulltrain_window';

export type LogRows = {
  files: readonly string[];
  model: string;
  /** Rows of other releases are left out. */
  release: string;
  /** Logged column with the time of the event; null takes the time of the answer. */
  time: string | null;
};

/** Columns of the log that are read; a line that lacks one of them has NULL there. */
const columns = {
  v: 'INTEGER',
  id: 'VARCHAR',
  at: 'TIMESTAMP',
  model: 'VARCHAR',
  version: 'VARCHAR',
  variant: 'VARCHAR',
  status: 'VARCHAR',
  score: 'DOUBLE',
  features: 'JSON',
};

/**
 * Loads the rows that users were answered with. A torn last line, of a server that was killed or is still writing, is no
 * row; neither is one of another version of the format.
 */
export function loadLogSql({ files, model, release, time }: LogRows): string {
  const event = time === null ? '"at"' : `TRY_CAST(json_extract_string(features, ${pointer(time)}) AS TIMESTAMP)`;
  return `CREATE OR REPLACE TEMP TABLE ${logTable} AS
SELECT id, status, score, features, ${event} AS time
FROM ${answeredRows(files, model)} AND version = ${quoteText(release)}`;
}

export function answeringReleasesSql(files: readonly string[], model: string): string {
  return `SELECT version, count(*) AS rows FROM ${answeredRows(files, model)} GROUP BY version ORDER BY max("at") DESC`;
}

function answeredRows(files: readonly string[], model: string): string {
  const list = files.map(quoteText).join(', ');
  const types = Object.entries(columns).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
  return `read_json([${list}], format = 'newline_delimited', ignore_errors = true, columns = {${types.join(', ')}})
WHERE v = 1 AND id IS NOT NULL AND model = ${quoteText(model)} AND variant IN ('stable', 'candidate')`;
}

/** Keeps the stretch of this many seconds that ends at the newest event. */
export function takeWindowSql(seconds: number): string {
  return `CREATE OR REPLACE TEMP TABLE ${windowTable} AS
SELECT * FROM ${logTable}
WHERE time > (SELECT max(time) FROM ${logTable}) - to_seconds(${seconds})`;
}

/** Answered rows of the window as a relation with one logged column under its own name. */
export function featureRelation(column: ColumnProfile): string {
  const text = `json_extract_string(features, ${pointer(column.name)})`;
  const value = column.type === 'numeric' ? `TRY_CAST(${text} AS DOUBLE)` : text;
  return `(SELECT ${value} AS ${quoteName(column.name)} FROM ${windowTable} WHERE status = 'ok')`;
}

/** Rows of the window that name a column at all, whatever its value. */
export function namedRowsSql(column: string): string {
  return `SELECT count(*) AS n FROM ${windowTable}
WHERE status = 'ok' AND json_extract(features, ${pointer(column)}) IS NOT NULL`;
}

export type Labels = {
  /** Parquet file. */
  table: string;
  /** Column that both the labels and the logged rows have. */
  join: string;
  target: string;
  /** Seconds after an event until its label can be trusted to be there. */
  delay: number;
};

/** `label` and `score` of the answered rows whose label is known and ripe. Keys with two different labels are left out. */
export function labelledRowsSql({ table, join, target, delay }: Labels): string {
  const key = `CAST(${quoteName(join)} AS VARCHAR)`;
  return `WITH labels AS (
  SELECT ${key} AS key, min(CAST(${quoteName(target)} AS DOUBLE)) AS label FROM read_parquet(${quoteText(table)})
  WHERE ${quoteName(join)} IS NOT NULL AND ${quoteName(target)} IS NOT NULL
  GROUP BY 1 HAVING min(${quoteName(target)}) = max(${quoteName(target)}))
SELECT label, score FROM ${windowTable} JOIN labels ON key = json_extract_string(features, ${pointer(join)})
WHERE status = 'ok' AND score IS NOT NULL AND isfinite(score)
AND time <= (SELECT max(time) FROM ${logTable}) - to_seconds(${delay}) ORDER BY id`;
}

/** RFC 6901, so that no name can be taken for a path. */
function pointer(name: string): string {
  return quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}
