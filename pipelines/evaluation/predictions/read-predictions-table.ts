import type { Task } from '../../contracts/evaluation.ts';
import type { OpenTable, TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { placeAmong } from '../group-codes.ts';
import { binaryRows, type JudgedRows, kindOf, multiclassRows, multilabelRows, regressionRows } from '../judged-rows.ts';
import { type BinaryTruth, binaryTruth } from './binary-truth.ts';
import { classNames } from './class-names.ts';
import { guessTask } from './guess-task.ts';
import type { PredictionsAsk } from './predictions-ask.ts';
import { type NeededColumn, requireValues } from './require-values.ts';
import { type ResolvedColumns, resolveColumns } from './resolve-columns.ts';
import { isNumber, numberSql, textSql } from './value-sql.ts';

/** The rows of a table of predictions, numbered from 0 as `"~row"`. */
export const predictionsView = 'pulltrain_predictions';
const everyRow = 'pulltrain_predictions_file';
const queryTable = 'pulltrain_predictions_query';
const mostValues = 1000;

export type PredictionsTable = {
  task: Task;
  rows: JudgedRows;
  /** As in an evaluation; null for a task without classes. */
  classes: readonly string[] | null;
  threshold: number | null;
  columns: ResolvedColumns;
  /** SQL of what the file of predictions holds of a row, by its column there. */
  written: Record<string, string>;
  /** Rows that were left out because they lack a value. */
  dropped: number;
};

/**
 * Truth and answers out of a table that somebody else's model filled. Throws `column-missing`, `predictions-empty`,
 * `predictions-incomplete`, `predictions-not-numbers`, `label-invalid`, `classes-unclear` or `task-unclear`.
 */
export async function readPredictionsTable(
  ask: PredictionsAsk,
  { source, columns: all }: Pick<OpenTable, 'source' | 'columns'>,
  tables: Tables,
): Promise<PredictionsTable> {
  const columns = resolveColumns(ask, all);
  await tables.query(
    `CREATE OR REPLACE TEMP VIEW ${everyRow} AS SELECT row_number() OVER () - 1 AS "~file", * FROM ${source}`,
  );
  const [label] = columns.label;
  if (label === undefined) throw new PulltrainError('usage', { what: '--label is missing' });
  const [counted = {}] = await tables.query(`SELECT count(*) AS rows FROM ${everyRow}`);
  requireRows(Number(counted.rows ?? 0), 'the table has no row');
  const task =
    ask.task ??
    guessTask(ask, columns, { values: await readValues(label, everyRow, tables), rows: Number(counted.rows) });
  const place = { relation: everyRow, rowNumber: '"~file"', dropMissing: ask.dropMissing };
  const { missing, count: dropped } = await requireValues(neededColumns(columns, task), place, tables);
  requireRows(Number(counted.rows) - dropped, 'no row is complete');
  const kept = dropped === 0 ? everyRow : `(SELECT * FROM ${everyRow} WHERE NOT (${missing}))`;
  const numbered = dropped === 0 ? '"~file"' : 'row_number() OVER () - 1';
  await tables.query(`CREATE OR REPLACE TEMP VIEW ${predictionsView} AS SELECT ${numbered} AS "~row", * FROM ${kept}`);
  const read = await readers[task](ask, columns, label, tables);
  return { task, columns, dropped, ...read };
}

type Read = Pick<PredictionsTable, 'rows' | 'classes' | 'threshold' | 'written'>;
type Reader = (ask: PredictionsAsk, columns: ResolvedColumns, label: TableColumn, tables: Tables) => Promise<Read>;

const readers: Record<Task, Reader> = {
  binary: readBinary,
  multiclass: readMulticlass,
  multilabel: readMultilabel,
  regression: readRegression,
  ranking: readRanking,
};

async function readBinary(
  ask: PredictionsAsk,
  columns: ResolvedColumns,
  label: TableColumn,
  tables: Tables,
): Promise<Read> {
  const truth = binaryTruth(await readValues(label, predictionsView, tables), ask.positive, label.name);
  const { score, prediction } = oneOfEach(columns, 'binary');
  const written = {
    label: truth.sql(label),
    score: score === null ? truth.sql(prediction ?? label) : numberSql(score),
    ...(prediction === null ? {} : { prediction: truth.sql(prediction) }),
  };
  const { label: labels, score: scores, prediction: decided } = await readNumbers(written, tables);
  if (prediction !== null) await requireMapped(decided, prediction, truth.classes, tables);
  const kind = score === null ? 'none' : kindOf([scores ?? empty]);
  const threshold = ask.threshold ?? (kind === 'probabilities' && prediction === null ? 0.5 : null);
  const rows = binaryRows(labels ?? empty, scores ?? empty, {
    threshold: prediction === null ? threshold : null,
    decisions: decided ?? null,
    kind,
  });
  return { rows, classes: truth.classes, threshold: prediction === null ? threshold : null, written };
}

async function readMulticlass(
  ask: PredictionsAsk,
  columns: ResolvedColumns,
  label: TableColumn,
  tables: Tables,
): Promise<Read> {
  const [prediction = null] = columns.prediction;
  const values = await readValues(label, predictionsView, tables);
  const decidedValues = prediction === null ? [] : await readValues(prediction, predictionsView, tables);
  const known = [...new Set([...values, ...decidedValues])];
  const inOrder = known.every((value) => Number.isFinite(Number(value)))
    ? known.toSorted((left, right) => Number(left) - Number(right))
    : known.toSorted();
  const classes = classNames(
    columns.score.map(({ name }) => name),
    inOrder,
    ask.classes,
  );
  const written = {
    label: placeAmong(classes, textSql(label)),
    ...Object.fromEntries(columns.score.map((column, index) => [`score_${index}`, numberSql(column)])),
    ...(prediction === null ? {} : { prediction: placeAmong(classes, textSql(prediction)) }),
  };
  const read = await readNumbers(written, tables);
  const labels = read.label ?? empty;
  await requireMapped(labels, label, classes, tables);
  if (prediction !== null) await requireMapped(read.prediction, prediction, classes, tables);
  const scores = columns.score.map((_, index) => read[`score_${index}`] ?? empty);
  const decisions = read.prediction === undefined ? {} : { decisions: read.prediction };
  return { rows: multiclassRows(labels, scores, { classes, ...decisions }), classes, threshold: null, written };
}

async function readMultilabel(
  ask: PredictionsAsk,
  columns: ResolvedColumns,
  _label: TableColumn,
  tables: Tables,
): Promise<Read> {
  const { label, score, prediction } = columns;
  for (const [option, own] of Object.entries({ score, prediction })) {
    if (own.length === 0 || own.length === label.length) continue;
    throw new PulltrainError('usage', {
      what: `${own.length} columns for ${label.length} labels`,
      where: `--${option}`,
      cure: 'Name one for each label, in the same order.',
    });
  }
  const classes = ask.classes ?? label.map(({ name }) => name);
  if (classes.length !== label.length)
    throw new PulltrainError('usage', { what: '--classes needs a name for each label' });
  const truths: BinaryTruth[] = [];
  for (const column of label)
    truths.push(binaryTruth(await readValues(column, predictionsView, tables), ask.positive, column.name));
  const sqlOf = (kind: string, own: readonly TableColumn[], sql: (column: TableColumn, at: number) => string) =>
    Object.fromEntries(own.map((column, at) => [`${kind}_${at}`, sql(column, at)]));
  const decide = (column: TableColumn, at: number) => truths[at]?.sql(column) ?? 'NULL';
  const written = {
    ...sqlOf('label', label, decide),
    ...sqlOf('score', score, numberSql),
    ...sqlOf('prediction', prediction, decide),
  };
  const read = await readNumbers(written, tables);
  const pick = (kind: string, own: readonly TableColumn[]) => own.map((_, at) => read[`${kind}_${at}`] ?? empty);
  for (const [at, column] of prediction.entries())
    await requireMapped(read[`prediction_${at}`], column, truths[at]?.classes ?? [], tables);
  const scores = pick('score', score);
  const decided = prediction.length === 0 ? null : pick('prediction', prediction);
  const threshold = ask.threshold ?? (kindOf(scores) === 'probabilities' && decided === null ? 0.5 : null);
  const rows = multilabelRows(pick('label', label), scores, {
    classes,
    threshold,
    ...(decided === null ? {} : { decisions: decided }),
  });
  return { rows, classes, threshold: decided === null ? threshold : null, written };
}

async function readRegression(
  _ask: PredictionsAsk,
  columns: ResolvedColumns,
  label: TableColumn,
  tables: Tables,
): Promise<Read> {
  const { score, prediction } = oneOfEach(columns, 'regression');
  const written = { label: numberSql(label), score: numberSql(score ?? prediction ?? label) };
  const read = await readNumbers(written, tables);
  return { rows: regressionRows(read.label ?? empty, read.score ?? empty), classes: null, threshold: null, written };
}

async function readRanking(
  _ask: PredictionsAsk,
  columns: ResolvedColumns,
  label: TableColumn,
  tables: Tables,
): Promise<Read> {
  const { score, prediction } = oneOfEach(columns, 'ranking');
  const { query } = columns;
  if (query === null)
    throw new PulltrainError('usage', { what: 'a ranking needs --query, the column whose rows are ranked together' });
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${queryTable} AS SELECT ${textSql(query)} AS query, min("~row") AS first FROM ${predictionsView} GROUP BY 1`,
  );
  const place = `(SELECT "~row" AS own, number FROM ${predictionsView} JOIN (SELECT query, row_number() OVER (ORDER BY first) - 1 AS number FROM ${queryTable}) ON ${textSql(query)} = query)`;
  const { number: queries = empty } = await tables.columns(`SELECT number FROM ${place} ORDER BY own`, ['number']);
  const written = { label: numberSql(label), score: numberSql(score ?? prediction ?? label) };
  const { label: labels = empty, score: scores = empty } = await readNumbers(written, tables);
  const negative = labels.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new PulltrainError('label-invalid', {
      what: 'a relevance below 0',
      where: `--label ${label.name}`,
      seen: `${labels[negative]} in row ${negative + 1}`,
      allowed: '0 and more',
    });
  }
  return { rows: { task: 'ranking', labels, scores, queries }, classes: null, threshold: null, written };
}

const empty = new Float64Array();

function oneOfEach({ score, prediction, label }: ResolvedColumns, task: Task) {
  for (const [option, own] of Object.entries({ label, score, prediction })) {
    if (own.length > 1) {
      throw new PulltrainError('usage', {
        what: `task ${task} has one column`,
        where: `--${option}`,
        seen: own.map(({ name }) => name).join(', '),
      });
    }
  }
  return { score: score[0] ?? null, prediction: prediction[0] ?? null };
}

function neededColumns({ label, score, prediction, query, id }: ResolvedColumns, task: Task): NeededColumn[] {
  const isValue = task === 'regression' || task === 'ranking';
  return [
    ...label.map((column) => ({ column, option: 'label', asNumber: isValue })),
    ...score.map((column) => ({ column, option: 'score', asNumber: true })),
    ...prediction.map((column) => ({ column, option: 'prediction', asNumber: isValue })),
    ...(query === null ? [] : [{ column: query, option: 'query', asNumber: false }]),
    ...(id === null ? [] : [{ column: id, option: 'id', asNumber: false }]),
  ];
}

/** Distinct values of a column as text, in order; of more than a thousand the first thousand and one. */
async function readValues(column: TableColumn, relation: string, tables: Tables): Promise<string[]> {
  const order = isNumber(column) ? `min(${quoteName(column.name)})` : '1';
  const found = await tables.query(
    `SELECT ${textSql(column)} AS value FROM ${relation} WHERE ${quoteName(column.name)} IS NOT NULL GROUP BY 1 ORDER BY ${order} LIMIT ${mostValues + 1}`,
  );
  return found.map(({ value }) => String(value));
}

async function readNumbers(written: Record<string, string>, tables: Tables): Promise<Record<string, Float64Array>> {
  const names = Object.keys(written);
  const list = names.map((name) => `${written[name]} AS ${quoteName(name)}`).join(', ');
  return tables.columns(`SELECT ${list} FROM ${predictionsView}`, names);
}

async function requireMapped(
  values: Float64Array | undefined,
  column: TableColumn,
  classes: readonly string[],
  tables: Tables,
): Promise<void> {
  const at = values?.findIndex(Number.isNaN) ?? -1;
  if (at < 0) return;
  const count = values?.filter(Number.isNaN).length ?? 0;
  const [row = {}] = await tables.query(
    `SELECT ${textSql(column)} AS seen FROM ${predictionsView} WHERE "~row" = ${at}`,
  );
  throw new PulltrainError('label-invalid', {
    what: `${count} ${count === 1 ? 'row has' : 'rows have'} a value that is none of the classes`,
    where: column.name,
    seen: `${JSON.stringify(row.seen)} in row ${at + 1}`,
    allowed: `${classes.slice(0, 20).join(', ')}${classes.length > 20 ? ', ...' : ''}`,
  });
}

function requireRows(rows: number, what: string): void {
  if (rows > 0) return;
  throw new PulltrainError('predictions-empty', { what, seen: '0 rows', cure: 'A model cannot be judged on nothing.' });
}
