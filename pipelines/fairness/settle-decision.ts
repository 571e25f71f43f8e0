import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteText } from '../quote-sql.ts';
import { finiteSql } from './decision-sql.ts';
import { MOST_CLASSES, shown } from './decision-values.ts';
import type { FairnessQuestion, FairnessTask } from './fairness-question.ts';
import { findColumn, isNumeric, keySql, readValues } from './read-values.ts';
import { settleBinary } from './settle-binary.ts';

/** Numbers with more different values are predicted as a quantity, unless somebody says otherwise. */
const MOST_WHOLE_CLASSES = 20;

/**
 * SQL of label and decisions: 0 or 1 (binary), number of the class (multiclass), or the quantity itself (regression); NULL
 * where missing. `scores` are the columns that rank; both or none of a pair has a base.
 */
export type Decision = {
  task: FairnessTask;
  label: string;
  head: string;
  base: string | null;
  score: string | null;
  baseScore: string | null;
  positive: string | null;
  /** Classes of a multiclass label in their order; empty otherwise. */
  classes: string[];
  threshold: number | null;
  favourable: 'selected' | 'not selected' | null;
  probabilities: boolean;
  words: string;
  notes: string[];
};

export type Context = { columns: readonly TableColumn[]; source: string; tables: Tables };

/** Finds out what is predicted and what counts as selected. Throws `usage`, `column-missing` or `labels-unclear`. */
export async function settleDecision(question: FairnessQuestion, context: Context): Promise<Decision> {
  const label = findColumn(question.label, context.columns, 'label');
  if (question.prediction === null && question.score === null) {
    throw new PulltrainError('usage', {
      what: 'nothing that was predicted is named',
      cure: 'Name a column of decisions with --prediction, or of scores with --score and --threshold.',
    });
  }
  const labels = await readValues(label, context.source, MOST_CLASSES, context.tables);
  if (labels.length === 0) {
    throw new PulltrainError('labels-unclear', { what: 'no row has a label', where: label.name });
  }
  const task = question.task ?? (await guessTask(question, label, labels, context));
  if (task === 'regression') return settleRegression(question, label, context);
  if (task === 'multiclass') return settleClasses(question, label, labels, context);
  return settleBinary(question, label, labels, context);
}

async function guessTask(
  question: FairnessQuestion,
  label: TableColumn,
  labels: readonly string[],
  context: Context,
): Promise<FairnessTask> {
  if (question.positive !== null || labels.length <= 2) return 'binary';
  if (!isNumeric(label)) return 'multiclass';
  if (question.prediction === null || labels.length > MOST_WHOLE_CLASSES) return 'regression';
  const prediction = findColumn(question.prediction, context.columns, 'prediction');
  const predicted = await readValues(prediction, context.source, MOST_WHOLE_CLASSES, context.tables);
  const whole = [...labels, ...predicted].every((value) => /^-?\d+$/.test(value));
  return whole && predicted.every((value) => labels.includes(value)) ? 'multiclass' : 'regression';
}

function settleRegression(question: FairnessQuestion, label: TableColumn, { columns }: Context): Decision {
  const number = (name: string, option: string) => {
    const column = findColumn(name, columns, option);
    if (isNumeric(column)) return finiteSql(column);
    throw new PulltrainError('labels-unclear', {
      what: 'a quantity is predicted, and this column holds no numbers',
      where: column.name,
      seen: column.type,
      cure: 'Name a column of numbers, or say with --positive which label is positive.',
    });
  };
  const option = question.prediction === null ? 'score' : 'prediction';
  const base = question.basePrediction ?? question.baseScore;
  return {
    task: 'regression',
    label: number(label.name, 'label'),
    head: number(question.prediction ?? question.score ?? '', option),
    base: base === null ? null : number(base, 'base-prediction'),
    score: null,
    baseScore: null,
    positive: null,
    classes: [],
    threshold: null,
    favourable: null,
    probabilities: false,
    words: `${question.prediction ?? question.score} is a quantity; errors are prediction - label`,
    notes: [],
  };
}

async function settleClasses(
  question: FairnessQuestion,
  label: TableColumn,
  labels: readonly string[],
  context: Context,
): Promise<Decision> {
  if (labels.length > MOST_CLASSES) {
    throw new PulltrainError('labels-unclear', {
      what: 'the label has too many values to be classes',
      where: label.name,
      allowed: `${MOST_CLASSES} at most`,
      cure: 'Say with --task regression that it is a quantity, or with --positive which value matters.',
    });
  }
  if (question.prediction === null) {
    throw new PulltrainError('usage', {
      what: `${label.name} has ${labels.length} classes, so a single score decides nothing`,
      seen: shown(labels),
      cure: 'Name the predicted classes with --prediction, or one class with --positive.',
    });
  }
  const prediction = findColumn(question.prediction, context.columns, 'prediction');
  const predicted = await readValues(prediction, context.source, MOST_CLASSES, context.tables);
  const strangers = predicted.filter((value) => !labels.includes(value));
  if (predicted.length > 0 && strangers.length === predicted.length) {
    throw new PulltrainError('labels-unclear', {
      what: `${prediction.name} shares no value with ${label.name}`,
      seen: shown(predicted),
      allowed: shown(labels),
    });
  }
  const classes = [...labels, ...strangers];
  const indexSql = (column: TableColumn) =>
    `CASE ${keySql(column)} ${classes.map((value, index) => `WHEN ${quoteText(value)} THEN ${index}`).join(' ')} END`;
  const base = question.basePrediction;
  return {
    task: 'multiclass',
    label: indexSql(label),
    head: indexSql(prediction),
    base: base === null ? null : indexSql(findColumn(base, context.columns, 'base-prediction')),
    score: null,
    baseScore: null,
    positive: null,
    classes,
    threshold: null,
    favourable: null,
    probabilities: false,
    words: `${prediction.name} names one of ${classes.length} classes; rates of a class are against all others`,
    notes: strangers.length === 0 ? [] : [`Predicted and never true: ${shown(strangers)}.`],
  };
}
