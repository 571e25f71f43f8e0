import { quoteName, quoteText } from '../monitoring/quote-sql.ts';
import type { Tables } from '../ports/tables.ts';
import { groupText, holdoutTable, predictionColumns, rowColumn } from './load-holdout.ts';

const scoreTable = 'pulltrain_scores';

/** Writes `row, label, score` and the group columns of the holdout as Parquet, in holdout order. */
export async function writePredictions(
  { path, scores, by }: { path: string; scores: Float64Array; by: readonly string[] },
  tables: Tables,
): Promise<void> {
  await joinScores(scores, tables);
  const groups = by.map((name) => `${groupText(name)} AS ${quoteName(name)}`);
  const [row, label, score] = predictionColumns;
  const list = [`h."~row" AS ${row}`, `h."~label" AS ${label}`, `s.score AS ${score}`, ...groups].join(', ');
  await tables.query(`COPY (SELECT ${list} FROM ${scoredHoldout} ORDER BY h."~row")
TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

/**
 * Writes the given columns of the holdout with `~label` and `~score` as Parquet: the rows that the profile of a release is made
 * from.
 */
export async function writeReference(
  { path, scores, columns }: { path: string; scores: Float64Array; columns: readonly string[] },
  tables: Tables,
): Promise<void> {
  await joinScores(scores, tables);
  const list = [...columns.map((name) => `h.${quoteName(name)}`), 'h."~label"', 's.score AS "~score"'].join(', ');
  await tables.query(`COPY (SELECT ${list} FROM ${scoredHoldout}) TO ${quoteText(path)} (FORMAT parquet)`);
}

const scoredHoldout = `${holdoutTable} h JOIN ${scoreTable} s ON h."~row" = s.${rowColumn}`;

async function joinScores(scores: Float64Array, tables: Tables): Promise<void> {
  await tables.load(scoreTable, { [rowColumn]: Float64Array.from(scores.keys()), score: scores });
}
