import { durationSeconds } from '../config/duration-seconds.ts';
import type { ColumnProfile, Profile } from '../contracts/profile.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { chunkThreshold } from './chunk-threshold.ts';
import { fromSql, momentsSql, quantileEdgesSql, type Relation, topCategoriesSql } from './column-sql.ts';
import { addCounts, type BinCounts, countColumn, withCounts } from './count-column.ts';
import { jensenShannonDistance } from './jensen-shannon-distance.ts';
import { addSums, calibration, type LabelSums, labelMean, readLabelSums } from './label-sums.ts';
import { type Chunk, planChunks } from './plan-chunks.ts';

/** Keys of `Profile.thresholds` that are no column. */
export const labelThreshold = '@label';
export const calibrationThreshold = '@calibration';
const day = 86_400;

export type ReferenceRows = {
  model: string;
  /** The scored rows in SQL. */
  relation: Relation;
  /** Columns to profile: the model's inputs. */
  columns: readonly string[];
  /** Time column; without one there are no chunks, and so no thresholds. */
  time: string | null;
  /** Numeric column with the model's score. */
  score: string;
  /** Numeric column with the label; null for rows without. */
  label: string | null;
  quality: Profile['quality'];
  /** Length of the window that will be watched (`monitor.window`). */
  window?: string;
};

/**
 * The reference that a release is watched against: every column on bins frozen at its quantiles, and for each column the
 * distance that stretches of the reference, as long as the watched window, keep from the rest of it. Throws
 * `profile-column-missing` and `profile-empty`.
 */
export async function buildReferenceProfile(reference: ReferenceRows, tables: Tables): Promise<Profile> {
  const { relation } = reference;
  const types = await columnTypes(relation, reference, tables);
  const window = durationSeconds(reference.window ?? '1d');
  const stride = Math.max(1, Math.min(window, day));
  const bucket = bucketSql(reference.time, stride);
  const sums = await readLabelSums(relation, bucket, reference, tables);
  const total = addSums(sums.values());
  if (total.rows === 0) {
    throw new PulltrainError('profile-empty', { what: 'a reference without rows', where: relation });
  }
  const rowsByBucket = new Map([...sums].map(([key, { rows }]) => [key, rows]));
  const length = Math.max(1, Math.round(window / stride));
  const chunks = reference.time === null ? [] : planChunks(rowsByBucket, length);
  const thresholds: [string, number | null][] = [];

  const columns: ColumnProfile[] = [];
  for (const name of reference.columns) {
    const numeric = isNumeric(types.get(name) ?? '');
    const shape = await (numeric ? numericShape : categoricalShape)(relation, name, tables);
    const counted = await countColumn(relation, bucket, shape, tables);
    columns.push(withCounts(shape, addCounts(shape, counted.values())));
    thresholds.push([name, chunkThreshold(chunks.map((chunk) => distanceToRest(shape, counted, chunk)))]);
  }
  const score = await numericShape(relation, reference.score, tables);
  const scored = await countColumn(relation, bucket, score, tables);
  thresholds.push(['score', chunkThreshold(chunks.map((chunk) => distanceToRest(score, scored, chunk)))]);
  thresholds.push([labelThreshold, chunkThreshold(chunks.map((chunk) => gapToRest(sums, chunk, labelMean)))]);
  thresholds.push([calibrationThreshold, chunkThreshold(chunks.map((chunk) => gapToRest(sums, chunk, calibration)))]);

  return {
    kind: 'profile',
    version: 1,
    model: reference.model,
    rows: total.rows,
    ...(await readSpan(relation, reference.time, tables)),
    columns,
    score: { ...score, name: 'score', ...addCounts(score, scored.values()) },
    labelMean: total.labelled === 0 ? null : labelMean(total),
    quality: reference.quality,
    thresholds: Object.fromEntries(thresholds.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    chunks: chunks.length,
  };
}

function bucketSql(time: string | null, stride: number): string {
  return time === null ? '0' : `CAST(floor(epoch(CAST(source.${quoteName(time)} AS TIMESTAMP)) / ${stride}) AS BIGINT)`;
}

async function columnTypes(relation: Relation, reference: ReferenceRows, tables: Tables): Promise<Map<string, string>> {
  const rows = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const types = new Map(rows.map((row) => [String(row.column_name), String(row.column_type)]));
  const wanted = [...reference.columns, reference.time, reference.score, reference.label];
  const absent = wanted.filter((name) => name !== null && !types.has(name));
  if (absent.length === 0) return types;
  throw new PulltrainError('profile-column-missing', {
    what: 'columns of the reference are missing',
    where: reference.relation,
    seen: [...types.keys()].join(', '),
    allowed: absent.join(', '),
  });
}

function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
}

/** Edges lie between two neighbouring values, so that a rounding to 32 bits on the way moves no row over them. */
async function numericShape(
  relation: Relation,
  name: string,
  tables: Tables,
): Promise<Extract<ColumnProfile, { type: 'numeric' }>> {
  const [moments] = await tables.query(momentsSql(relation, name));
  const edges = await tables.query(quantileEdgesSql(relation, name));
  return {
    type: 'numeric',
    name,
    missing: 0,
    mean: numberOrNull(moments?.mean),
    std: numberOrNull(moments?.std),
    edges: edges.flatMap(({ edge, next }) => (next === null ? [] : [(Number(edge) + Number(next)) / 2])),
    counts: [],
  };
}

async function categoricalShape(
  relation: Relation,
  name: string,
  tables: Tables,
): Promise<Extract<ColumnProfile, { type: 'categorical' }>> {
  const rows = await tables.query(topCategoriesSql(relation, name));
  const counts = Object.fromEntries(rows.map(({ category }) => [String(category), 0]));
  return { type: 'categorical', name, missing: 0, counts, other: 0 };
}

function distanceToRest(column: ColumnProfile, counted: ReadonlyMap<number, BinCounts>, chunk: Chunk): number {
  const inside = addCounts(column, within(counted, chunk, true));
  const rest = addCounts(column, within(counted, chunk, false));
  return jensenShannonDistance(rest.counts, inside.counts);
}

function gapToRest(sums: ReadonlyMap<number, LabelSums>, chunk: Chunk, measure: (sums: LabelSums) => number): number {
  return Math.abs(measure(addSums(within(sums, chunk, true))) - measure(addSums(within(sums, chunk, false))));
}

function within<Value>(values: ReadonlyMap<number, Value>, { from, to }: Chunk, inside: boolean): Value[] {
  return [...values].filter(([key]) => (key >= from && key <= to) === inside).map(([, value]) => value);
}

async function readSpan(
  relation: Relation,
  time: string | null,
  tables: Tables,
): Promise<Pick<Profile, 'from' | 'to'>> {
  if (time === null) return { from: null, to: null };
  const at = `CAST(source.${quoteName(time)} AS TIMESTAMP)`;
  const [row] = await tables.query(
    `SELECT strftime(min(${at}), '%Y-%m-%d') AS "from", strftime(max(${at}), '%Y-%m-%d') AS "to" ${fromSql(relation)}`,
  );
  return { from: textOrNull(row?.from), to: textOrNull(row?.to) };
}

function numberOrNull(cell: unknown): number | null {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
}

function textOrNull(cell: unknown): string | null {
  return typeof cell === 'string' ? cell : null;
}
