import { quoteName } from '../quote-sql.ts';
import type { FeatureView } from './definitions.ts';
import { createdColumn, eventColumn, timelineSql, visibleColumn } from './timeline-sql.ts';

/** Temporary table of `snapshotSql`. */
const table = 'snapshot';

/**
 * Leaves the newest row of every key as it was known at `until`, in a numbered temporary table; only keys about which
 * something became known after `from`. Both in microseconds. What counts is when a row could be seen, not when it happened:
 * a late arrival about an old event is new.
 */
export function snapshotSql(view: FeatureView, file: string, window: { from: number | null; until: number }): string {
  const keys = view.keys.map(({ name }) => quoteName(name)).join(', ');
  const after = window.from === null ? '' : ` AND ${visibleColumn} > make_timestamp(${window.from})`;
  return `CREATE OR REPLACE TEMP TABLE ${table} AS
SELECT row_number() OVER () AS __number, * FROM (
  SELECT * FROM (${timelineSql(view, file)}) WHERE ${visibleColumn} <= make_timestamp(${window.until})${after}
  QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${visibleColumn} DESC) = 1)`;
}

/** Rows `start` to `end` (excluded) of the snapshot: keys and features as texts `k0`, `f0`, ..., times in microseconds. */
export function snapshotPageSql(view: FeatureView, start: number, end: number): string {
  const keys = view.keys.map(({ name }, index) => `CAST(${quoteName(name)} AS VARCHAR) AS k${index}`);
  const features = view.features.map(({ name, type }, index) => {
    // A float is shown by the double that equals it, so that reading it back gives the same bits.
    const value = type === 'float' ? `CAST(${quoteName(name)} AS DOUBLE)` : quoteName(name);
    return `CAST(${value} AS VARCHAR) AS f${index}`;
  });
  const times = [`epoch_us(${eventColumn}) AS event`, `epoch_us(${createdColumn}) AS created`];
  return `SELECT ${[...keys, ...times, ...features].join(', ')} FROM ${table}
WHERE __number > ${start} AND __number <= ${end}`;
}

export function snapshotCountSql(): string {
  return `SELECT count(*) AS rows FROM ${table}`;
}
