import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { groupText, holdoutTable, predictionColumns } from './load-holdout.ts';

const scoreTable = 'pulltrain_scores';
const referenceTable = 'pulltrain_reference';

/** Puts the scores of a model beside the rows of the holdout, in place of those of another. */
export async function loadScores(scores: Float64Array, tables: Tables): Promise<void> {
  await tables.load(scoreTable, { '~score': scores });
}

/** Writes `row, label, score` and the group columns of the holdout as Parquet, in holdout order, for the scores that are loaded. */
export async function writePredictions(
  { path, by }: { path: string; by: readonly string[] },
  tables: Tables,
): Promise<void> {
  const groups = by.map((name) => `${groupText(name)} AS ${quoteName(name)}`);
  const [row, label, score] = predictionColumns;
  const list = [`"~row" AS ${row}`, `"~label" AS ${label}`, `"~score" AS ${score}`, ...groups].join(', ');
  await tables.query(
    `COPY (SELECT ${list} FROM ${scoredHoldout}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/**
 * The given columns of the holdout with `~label` and the loaded scores as `~score`, the rows that the profile of a
 * release is made from, as a temporary table.
 */
export async function loadReference(columns: readonly string[], tables: Tables): Promise<string> {
  const list = [...columns.map(quoteName), '"~label"', '"~score"'].join(', ');
  await tables.query(`CREATE OR REPLACE TEMP TABLE ${referenceTable} AS SELECT ${list} FROM ${scoredHoldout}`);
  return referenceTable;
}

/** Row by row: both tables keep the order in which they were filled. */
const scoredHoldout = `${holdoutTable} POSITIONAL JOIN ${scoreTable}`;
