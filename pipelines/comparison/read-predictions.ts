import type { Evaluation } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import {
  binaryRows,
  type JudgedRows,
  multiclassRows,
  multilabelRows,
  regressionRows,
} from '../evaluation/judged-rows.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import type { PairedPredictions } from './compare-evaluations.ts';
import type { CompareOptions } from './compare-options.ts';

type Side = { path: string; evaluation: Evaluation };

/**
 * Reads the prediction files of both models and pairs them by row. Throws `holdout-mismatch` when rows or labels are not
 * the same, `predictions-invalid` when a file does not hold what its evaluation says, and `column-missing` when a column to
 * group or cluster by is not in it.
 */
export async function readPredictions(
  { head, base, by, cluster = null }: { head: Side; base: Side | null; by: readonly string[]; cluster?: string | null },
  tables: Tables,
): Promise<PairedPredictions> {
  const after = await readColumns(head, tables);
  const before = base === null ? null : await readColumns(base, tables);
  if (before !== null && !sameTruth(before, after)) {
    throw new PulltrainError('holdout-mismatch', {
      what: 'the predictions of base and head are not of the same rows',
      seen: `${before.rows} and ${after.rows} rows${before.rows === after.rows ? ' with different labels' : ''}`,
      cure: 'Evaluate both models on the same holdout.',
    });
  }
  const groups: GroupColumn[] = [];
  for (const name of by) groups.push(await readGroups(head.path, name, tables));
  return {
    base: base === null || before === null ? null : toRows(base, before),
    head: toRows(head, after),
    groups,
    cluster: cluster === null ? null : await readCluster(head, cluster, tables),
  };
}

/** The columns of one file by what they are; `score_0`, `label_0` and so on in their order. */
type Columns = {
  rows: number;
  labels: Float64Array[];
  scores: Float64Array[];
  predictions: Float64Array[];
  queries: Float64Array | null;
};

const known = /^(row|query|(label|score|prediction)(_\d+)?)$/;

async function readColumns({ path, evaluation }: Side, tables: Tables): Promise<Columns> {
  const relation = `read_parquet(${quoteText(path)})`;
  const described = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const names = described.map(({ column_name }) => String(column_name)).filter((name) => known.test(name));
  const list = names.map((name) => `CAST(${quoteName(name)} AS DOUBLE) AS ${quoteName(name)}`).join(', ');
  const found = names.length === 0 ? {} : await tables.columns(`SELECT ${list} FROM ${relation}`, names);
  const { rows } = evaluation.predictions;
  const complete = names.every((name) => found[name]?.length === rows && !found[name]?.some(Number.isNaN));
  const ordered = found.row?.every((value, at) => value === at) ?? false;
  const series = (name: string) =>
    names
      .filter((one) => one === name || one.startsWith(`${name}_`))
      .sort((left, right) => Number(left.slice(name.length + 1)) - Number(right.slice(name.length + 1)))
      .map((one) => found[one] ?? new Float64Array());
  const columns = {
    rows,
    labels: series('label'),
    scores: series('score'),
    predictions: series('prediction'),
    queries: found.query ?? null,
  };
  if (complete && ordered && isWhole(evaluation, columns)) return columns;
  throw new PulltrainError('predictions-invalid', {
    what: 'the predictions are not complete',
    where: evaluation.predictions.path,
    seen: `${found.row?.length ?? 0} rows of ${names.join(', ') || 'no column that is known'}`,
    allowed: `${rows} rows in holdout order, each with a label and an answer`,
  });
}

/** As many columns as the task needs. */
function isWhole({ task, classes = [] }: Evaluation, { labels, scores, predictions, queries }: Columns): boolean {
  const answers = scores.length > 0 ? scores.length : predictions.length;
  if (task === 'multilabel') return labels.length === classes.length && answers === classes.length;
  if (labels.length !== 1 || answers === 0) return false;
  if (task === 'multiclass') return scores.length === classes.length || predictions.length === 1;
  return scores.length <= 1 && (task !== 'ranking' || queries !== null);
}

function toRows({ evaluation }: Side, { labels, scores, predictions, queries }: Columns): JudgedRows {
  const { task, classes = [], threshold } = evaluation;
  const [label = new Float64Array()] = labels;
  const [decided] = predictions;
  const [score = decided ?? new Float64Array()] = scores;
  const kind = scores.length === 0 ? ({ kind: 'none' } as const) : {};
  switch (task) {
    case 'binary':
      return binaryRows(label, score, { threshold, decisions: decided ?? null, ...kind });
    case 'multiclass':
      return multiclassRows(label, scores, { classes, ...(decided === undefined ? {} : { decisions: decided }) });
    case 'multilabel': {
      const decisions = predictions.length === 0 ? {} : { decisions: predictions };
      return multilabelRows(labels, scores, { classes, threshold, ...decisions });
    }
    case 'regression':
      return regressionRows(label, score);
    case 'ranking':
      return { task, labels: label, scores: score, queries: queries ?? new Float64Array() };
  }
}

function sameTruth(before: Columns, after: Columns): boolean {
  const [left, right] = [before, after].map(({ labels, queries }) => [
    ...labels,
    ...(queries === null ? [] : [queries]),
  ]);
  return (
    before.rows === after.rows &&
    left?.length === right?.length &&
    (left?.every((column, at) => column.every((value, row) => value === right?.[at]?.[row])) ?? false)
  );
}

async function readGroups(path: string, by: string, tables: Tables): Promise<GroupColumn> {
  const relation = `read_parquet(${quoteText(path)})`;
  const found = await tables.query(`SELECT DISTINCT ${quoteName(by)} AS name FROM ${relation} ORDER BY name`);
  const names = found.map(({ name }) => String(name));
  const { code: codes = new Float64Array() } = await tables.columns(
    `SELECT list_position([${names.map(quoteText).join(', ')}], ${quoteName(by)}) - 1 AS code FROM ${relation}`,
    ['code'],
  );
  return { by, names, codes };
}

/** Rows with one value belong together; those without one stand each for itself. Numbered by value, whatever the order of rows. */
async function readCluster(
  { path }: Side,
  by: string,
  tables: Tables,
): Promise<NonNullable<CompareOptions['cluster']>> {
  const relation = `read_parquet(${quoteText(path)})`;
  const described = await tables.query(`DESCRIBE SELECT * FROM ${relation}`);
  const names = described.map(({ column_name }) => String(column_name));
  if (!names.includes(by)) {
    throw new PulltrainError('column-missing', {
      what: 'the predictions have no such column',
      where: by,
      allowed: names.join(', '),
      cure: 'Evaluate both models with it: --cluster of evaluate --predictions, or a column of slices.',
    });
  }
  const key = quoteName(by);
  const { unit: units = new Float64Array() } = await tables.columns(
    `SELECT unit FROM (SELECT row, dense_rank() OVER (ORDER BY ${key} NULLS LAST, CASE WHEN ${key} IS NULL THEN row END) - 1 AS unit FROM ${relation}) ORDER BY row`,
    ['unit'],
  );
  const of = Uint32Array.from(units);
  return { by, of, count: of.reduce((most, unit) => Math.max(most, unit + 1), 0) };
}
