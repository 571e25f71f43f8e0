import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { groupText, holdoutTable, type LoadedHoldout, rowColumn } from './load-holdout.ts';

/** Which of two models; a table of scores each. */
export type Side = 'head' | 'base';

const scoreTable = (side: Side) => `pulltrain_scores_${side}`;
const referenceTable = 'pulltrain_reference';

/** Puts the scores of a model, a column each, beside the rows of the holdout. */
export async function loadScores(
  side: Side,
  scores: readonly Float64Array[],
  { labelColumns = [], queries }: Pick<LoadedHoldout, 'labelColumns' | 'queries'>,
  tables: Tables,
): Promise<void> {
  const named = (name: string, columns: readonly Float64Array[]) =>
    Object.fromEntries(columns.map((column, index) => [`~${name}_${index}`, column]));
  const [only, ...others] = scores;
  await tables.load(scoreTable(side), {
    ...(only !== undefined && others.length === 0 ? { '~score': only } : named('score', scores)),
    ...named('label', labelColumns),
    ...(queries === undefined ? {} : { '~query': queries }),
  });
}

/**
 * Writes the rows of the holdout as Parquet, in their order, for the scores that are loaded: `row, label, score`, of
 * several classes or labels `score_0` and so on, of several labels `label_0` and so on, and the group columns.
 */
export async function writePredictions(
  { side, path, by }: { side: Side; path: string; by: readonly string[] },
  tables: Tables,
): Promise<void> {
  const groups = by.map((name) => `${groupText(name)} AS ${quoteName(name)}`);
  const described = await tables.query(`DESCRIBE ${scoreTable(side)}`);
  const answers = described.map((column) => String(column.column_name));
  const own = answers.map((name) => `${quoteName(name)} AS ${quoteName(name.slice(1))}`);
  const truth = answers.includes('~label_0') ? [] : ['"~label" AS label'];
  const list = [`"~row" AS ${rowColumn}`, ...truth, ...own, ...groups].join(', ');
  await tables.query(
    `COPY (SELECT ${list} FROM ${scoredHoldout(side)}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/**
 * The given columns of the holdout with `~label` and the loaded scores of the head as `~score`, the rows that the profile of a
 * release is made from, as a temporary table.
 */
export async function loadReference(columns: readonly string[], tables: Tables): Promise<string> {
  const list = [...columns.map(quoteName), '"~label"', '"~score"'].join(', ');
  await tables.query(`CREATE OR REPLACE TEMP TABLE ${referenceTable} AS SELECT ${list} FROM ${scoredHoldout('head')}`);
  return referenceTable;
}

/** Row by row: both tables keep the order in which they were filled. */
const scoredHoldout = (side: Side) => `${holdoutTable} POSITIONAL JOIN ${scoreTable(side)}`;
