import { quoteName, quoteText } from '../quote-sql.ts';
import type { FeatureView } from './definitions.ts';
import { reachableSql } from './view-sql.ts';

/** Columns of a timeline beside its keys and features. */
export const visibleColumn = '__visible';
export const eventColumn = '__event';
export const createdColumn = '__created';

/**
 * What was the newest row of each key, and from when on: one row per key and moment at which the answer changed.
 *
 * A row can be seen from the later of its event and created times on. At a moment the answer is, of all rows seen by then,
 * the one with the latest event time, then the latest created time, then the greatest values. That is a maximum over a
 * growing set, so walking along the moments of seeing it only ever moves forward: rows that are not in the lead when they
 * appear (late news about an older event) never will be, and are left out. The build is sorted by exactly that order, so
 * the place of a row in its file is its rank. Whoever asks then needs the last entry at or before their time, and nothing
 * that was learned later can have moved it.
 */
export function timelineSql(view: Pick<FeatureView, 'keys' | 'time' | 'created' | 'features'>, file: string): string {
  const keys = view.keys.map(({ name }) => quoteName(name)).join(', ');
  const event = quoteName(view.time);
  const created = view.created === null ? 'NULL::TIMESTAMP' : quoteName(view.created);
  const visible = view.created === null ? event : `greatest(${event}, ${created})`;
  const columns = [
    keys,
    ...view.features.map(({ name }) => quoteName(name)),
    `${visible} AS ${visibleColumn}`,
    `${event} AS ${eventColumn}`,
    `${created} AS ${createdColumn}`,
    'file_row_number AS __rank',
  ];
  const rows = `SELECT ${columns.join(', ')} FROM read_parquet(${quoteText(file)}, file_row_number = true) WHERE ${reachableSql(view)}`;
  return `SELECT * EXCLUDE (__rank) FROM (${rows})
QUALIFY __rank = max(__rank) OVER (PARTITION BY ${keys} ORDER BY ${visibleColumn} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
}
