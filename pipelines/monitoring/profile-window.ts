import { durationSeconds } from '../config/duration-seconds.ts';
import type { ColumnProfile, Profile } from '../contracts/profile.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { momentsSql } from './column-sql.ts';
import { addCounts, countColumn, withCounts } from './count-column.ts';
import { finite } from './finding-text.ts';
import {
  featureRelation,
  type Labels,
  type LogRows,
  labelledRowsSql,
  loadLogSql,
  namedRowsSql,
  takeWindowSql,
  windowTable,
} from './log-sql.ts';

/** A watched column in the window, on the reference's bins. */
type WindowColumn = {
  column: ColumnProfile;
  /** Rows whose log names the column. */
  named: number;
};

export type WindowProfile = {
  /** First and last day with an event; null without any. */
  days: { from: string; to: string } | null;
  /** Answered rows. */
  rows: number;
  /** Rows that ended in an error. */
  errors: number;
  columns: WindowColumn[];
  score: ColumnProfile;
  labelled: { labels: Float64Array; scores: Float64Array };
};

export type WindowRequest = {
  log: LogRows;
  /** Length, e.g. `7d`, ending at the newest event. */
  window: string;
  labels: Labels | null;
};

/** What production saw: the profile's own columns in the newest window of the prediction log. */
export async function profileWindow(profile: Profile, request: WindowRequest, tables: Tables): Promise<WindowProfile> {
  const seconds = durationSeconds(request.window);
  if (seconds === 0) throw new PulltrainError('window-empty', { what: 'a window of no length', seen: request.window });
  if (request.log.files.length === 0) return emptyWindow(profile);
  await tables.query(loadLogSql(request.log));
  await tables.query(takeWindowSql(seconds));
  const [facts] =
    await tables.query(`SELECT strftime(min(time), '%Y-%m-%d') AS "from", strftime(max(time), '%Y-%m-%d') AS "to",
count(*) FILTER (status = 'ok') AS answered, count(*) FILTER (status <> 'ok') AS errors FROM ${windowTable}`);

  const columns: WindowColumn[] = [];
  for (const column of profile.columns) {
    const [named] = await tables.query(namedRowsSql(column.name));
    columns.push({ column: await recount(column, featureRelation(column), tables), named: Number(named?.n ?? 0) });
  }
  const scores = `(SELECT score AS "${profile.score.name}" FROM ${windowTable} WHERE status = 'ok')`;
  const { label, score } =
    request.labels === null ? {} : await tables.columns(labelledRowsSql(request.labels), ['label', 'score']);
  return {
    days: typeof facts?.from === 'string' && typeof facts.to === 'string' ? { from: facts.from, to: facts.to } : null,
    rows: Number(facts?.answered ?? 0),
    errors: Number(facts?.errors ?? 0),
    columns,
    score: await recount(profile.score, scores, tables),
    labelled: { labels: label ?? new Float64Array(), scores: score ?? new Float64Array() },
  };
}

async function recount(column: ColumnProfile, relation: string, tables: Tables): Promise<ColumnProfile> {
  const counted = await countColumn(relation, '0', column, tables);
  const counts = withCounts(column, addCounts(column, counted.values()));
  if (counts.type !== 'numeric') return counts;
  const [moments] = await tables.query(momentsSql(relation, column.name));
  const number = (cell: unknown) => (typeof cell === 'number' ? finite(cell) : null);
  return { ...counts, mean: number(moments?.mean), std: number(moments?.std) };
}

function emptyWindow(profile: Profile): WindowProfile {
  const empty = (column: ColumnProfile) => withCounts(column, addCounts(column, []));
  return {
    days: null,
    rows: 0,
    errors: 0,
    columns: profile.columns.map((column) => ({ column: empty(column), named: 0 })),
    score: empty(profile.score),
    labelled: { labels: new Float64Array(), scores: new Float64Array() },
  };
}
