import type { Task } from '../../contracts/evaluation.ts';
import type { TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { placeAmong } from '../group-codes.ts';
import { binaryRows, type JudgedRows, kindOf, multiclassRows, multilabelRows, regressionRows } from '../judged-rows.ts';
import { type BinaryTruth, binaryTruth } from './binary-truth.ts';
import { classNames } from './class-names.ts';
import type { PredictionsAsk } from './predictions-ask.ts';
import { predictionsView, readNumbers, type WrittenColumn } from './read-numbers.ts';
import { readValues } from './read-values.ts';
import type { ResolvedColumns } from './resolve-columns.ts';
import { numberSql, textSql } from './value-sql.ts';

const queryTable = 'pulltrain_predictions_query';

export type ReadTask = {
  rows: JudgedRows;
  /** As in an evaluation; null for a task without classes. */
  classes: readonly string[] | null;
  threshold: number | null;
  /** What the file of predictions holds of a row, by its column there. */
  written: Record<string, WrittenColumn>;
};

type Reader = (ask: PredictionsAsk, columns: ResolvedColumns, label: TableColumn, tables: Tables) => Promise<ReadTask>;

/** How truth and answers of each task are read. */
export const taskReaders: Record<Task, Reader> = {
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
): Promise<ReadTask> {
  const truth = binaryTruth(await readValues(label, predictionsView, tables), ask.positive, label.name);
  const { score, prediction } = oneOfEach(columns, 'binary');
  const written = {
    label: coded(truth, label),
    score: score === null ? coded(truth, prediction ?? label) : number(score),
    ...(prediction === null ? {} : { prediction: coded(truth, prediction) }),
  };
  const { label: labels, score: scores, prediction: decided } = await readNumbers(written, tables);
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
): Promise<ReadTask> {
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
    label: placed(classes, label),
    ...Object.fromEntries(columns.score.map((column, index) => [`score_${index}`, number(column)])),
    ...(prediction === null ? {} : { prediction: placed(classes, prediction) }),
  };
  const read = await readNumbers(written, tables);
  const labels = read.label ?? empty;
  const scores = columns.score.map((_, index) => read[`score_${index}`] ?? empty);
  const decisions = read.prediction === undefined ? {} : { decisions: read.prediction };
  return { rows: multiclassRows(labels, scores, { classes, ...decisions }), classes, threshold: null, written };
}

async function readMultilabel(
  ask: PredictionsAsk,
  columns: ResolvedColumns,
  _label: TableColumn,
  tables: Tables,
): Promise<ReadTask> {
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
  const each = (kind: string, own: readonly TableColumn[], of: (column: TableColumn, at: number) => WrittenColumn) =>
    Object.fromEntries(own.map((column, at) => [`${kind}_${at}`, of(column, at)]));
  const decide = (column: TableColumn, at: number) => coded(truths[at] ?? noTruth, column);
  const written = {
    ...each('label', label, decide),
    ...each('score', score, number),
    ...each('prediction', prediction, decide),
  };
  const read = await readNumbers(written, tables);
  const pick = (kind: string, own: readonly TableColumn[]) => own.map((_, at) => read[`${kind}_${at}`] ?? empty);
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
): Promise<ReadTask> {
  const { score, prediction } = oneOfEach(columns, 'regression');
  const written = { label: number(label), score: number(score ?? prediction ?? label) };
  const read = await readNumbers(written, tables);
  return { rows: regressionRows(read.label ?? empty, read.score ?? empty), classes: null, threshold: null, written };
}

async function readRanking(
  _ask: PredictionsAsk,
  columns: ResolvedColumns,
  label: TableColumn,
  tables: Tables,
): Promise<ReadTask> {
  const { score, prediction } = oneOfEach(columns, 'ranking');
  const { query } = columns;
  if (query === null)
    throw new PulltrainError('usage', { what: 'a ranking needs --query, the column whose rows are ranked together' });
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${queryTable} AS SELECT ${textSql(query)} AS "~query", min("~row") AS "~first" FROM ${predictionsView} GROUP BY 1`,
  );
  const place = `(SELECT "~row", "~number" AS number FROM ${predictionsView} JOIN (SELECT "~query", row_number() OVER (ORDER BY "~first") - 1 AS "~number" FROM ${queryTable}) ON ${textSql(query)} = "~query")`;
  const { number: queries = empty } = await tables.columns(`SELECT number FROM ${place} ORDER BY "~row"`, ['number']);
  const written = { label: number(label), score: number(score ?? prediction ?? label) };
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

function number(column: TableColumn): WrittenColumn {
  return { sql: numberSql(column), column, classes: [] };
}

function coded({ sql, classes }: BinaryTruth, column: TableColumn): WrittenColumn {
  return { sql: sql(column), column, classes };
}

function placed(classes: readonly string[], column: TableColumn): WrittenColumn {
  return { sql: placeAmong(classes, textSql(column)), column, classes };
}

const noTruth: BinaryTruth = { classes: ['0', '1'], sql: () => 'NULL' };
