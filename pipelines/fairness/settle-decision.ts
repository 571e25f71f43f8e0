import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import type { FairnessQuestion, FairnessTask } from './fairness-question.ts';
import { findColumn, isNumeric, keySql, readValues } from './read-values.ts';

/** More different labels than this are no classes. */
const MOST_CLASSES = 100;
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

async function settleBinary(
  question: FairnessQuestion,
  label: TableColumn,
  labels: readonly string[],
  context: Context,
): Promise<Decision> {
  const notes: string[] = [];
  const values = new Set(labels);
  const predictions =
    question.prediction === null
      ? null
      : await readDecisions(findColumn(question.prediction, context.columns, 'prediction'), question, context);
  for (const value of predictions?.values ?? []) values.add(value);
  const positive = settlePositive(question, label, labels, values);
  const isPositive = labels.filter((value) => value === positive || sameFlag(value, positive));
  const named = question.prediction ?? '';
  // A column of numbers with a threshold is a column of scores, whatever it was called.
  const scoreName = predictions === null ? (question.score ?? named) : question.score;
  const score = scoreName === null ? null : scoreColumn(scoreName, 'score', context);
  const baseScore = question.baseScore === null ? null : scoreColumn(question.baseScore, 'base-score', context);
  const ranges = await readRange([score, baseScore], context);
  const probabilities = score !== null && ranges.low >= 0 && ranges.high <= 1;
  const threshold = settleThreshold(question, predictions !== null, { score, baseScore }, ranges);
  const decide = async (option: 'prediction' | 'base-prediction', name: string | null, column: TableColumn | null) => {
    if (name !== null && (option === 'base-prediction' || predictions !== null)) {
      const found = findColumn(name, context.columns, option);
      const own = await readDecisions(found, question, context);
      return own === null
        ? thresholdSql(found, threshold)
        : truthSql(found, selectedValues(question, positive, own.values, found));
    }
    return column === null ? null : thresholdSql(column, threshold);
  };
  const head = await decide('prediction', question.prediction, score);
  const base = await decide('base-prediction', question.basePrediction, baseScore);
  const selected = predictions === null ? [] : selectedValues(question, positive, predictions.values, null);
  const words =
    predictions === null
      ? `${scoreName} >= ${threshold}`
      : `${named} is ${selected.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (score !== null && !probabilities) {
    notes.push(`${score.name} has values outside 0..1, so it is no probability: calibration is not measured.`);
  }
  return {
    task: 'binary',
    label: truthSql(label, isPositive.length === 0 ? [positive] : isPositive),
    head: head ?? 'NULL',
    base,
    score: score === null ? null : finiteSql(score),
    baseScore: score === null || baseScore === null ? null : finiteSql(baseScore),
    positive,
    classes: [],
    threshold: predictions === null || question.threshold !== null ? threshold : null,
    favourable: settleFavourable(question, positive, selected, values),
    probabilities,
    words,
    notes,
  };
}

/** Decisions in a column; null when it holds scores, which a threshold turns into decisions. */
async function readDecisions(
  column: TableColumn,
  question: FairnessQuestion,
  { source, tables }: Context,
): Promise<{ values: string[] } | null> {
  const values = await readValues(column, source, MOST_CLASSES, tables);
  const looksLikeScores =
    isNumeric(column) && (values.length > MOST_CLASSES || values.some((value) => !/^-?\d+$/.test(value)));
  if (!looksLikeScores || question.selected.length > 0) return { values };
  if (question.threshold !== null && question.score === null) return null;
  throw new PulltrainError('labels-unclear', {
    what: 'this column holds numbers and no decisions',
    where: column.name,
    seen: shown(values),
    cure: 'Give it as --score with --threshold, or say with --selected which values count as selected.',
  });
}

/** Pairs whose positive side nobody has to say. */
const usualPairs: readonly (readonly [negative: string, positive: string])[] = [
  ['0', '1'],
  ['-1', '1'],
  ['false', 'true'],
  ['False', 'True'],
];

function settlePositive(
  { positive }: FairnessQuestion,
  label: TableColumn,
  labels: readonly string[],
  values: ReadonlySet<string>,
): string {
  if (positive !== null) {
    const alike = values.has(positive) ? positive : [...values].find((value) => sameFlag(value, positive));
    if (alike !== undefined) return alike;
    throw new PulltrainError('labels-unclear', {
      what: 'no label has the value of --positive',
      where: label.name,
      seen: positive,
      allowed: shown([...values]),
    });
  }
  const pair = usualPairs.find((known) => labels.every((value) => known.includes(value)));
  if (pair !== undefined) return pair[1];
  throw new PulltrainError('labels-unclear', {
    what: 'which label is positive?',
    where: label.name,
    seen: shown(labels),
    cure: `Say it, e.g. --positive ${JSON.stringify(labels.at(-1) ?? '')}.`,
  });
}

/** Values of a column of decisions that count as selected. Throws `labels-unclear` when none of them can be meant. */
function selectedValues(
  { selected }: FairnessQuestion,
  positive: string,
  values: readonly string[],
  column: TableColumn | null,
): string[] {
  const wanted = selected.length > 0 ? selected : [positive];
  const found = wanted.flatMap((one) => values.filter((value) => value === one || sameFlag(value, one)));
  if (found.length > 0 || column === null) return found.length > 0 ? found : [...wanted];
  // A model that never selects has only the other value, which must then be a known one.
  const isKnown = values.length <= 1 || usualPairs.some((pair) => values.every((value) => pair.includes(value)));
  if (isKnown && selected.length === 0) return [positive];
  throw new PulltrainError('labels-unclear', {
    what: `no prediction is called like the positive label ${JSON.stringify(positive)}`,
    where: column.name,
    seen: shown(values),
    cure: 'Say with --selected which of them count as selected; several are separated by commas.',
  });
}

function settleFavourable(
  { favourable }: FairnessQuestion,
  positive: string,
  selected: readonly string[],
  values: ReadonlySet<string>,
): Decision['favourable'] {
  if (favourable === null) return null;
  if (favourable === positive || selected.includes(favourable) || sameFlag(favourable, positive)) return 'selected';
  if (values.has(favourable) || [...values].some((value) => sameFlag(value, favourable))) return 'not selected';
  throw new PulltrainError('labels-unclear', {
    what: 'no label and no prediction has the value of --favourable',
    seen: favourable,
    allowed: shown([...values]),
  });
}

function settleThreshold(
  { threshold }: FairnessQuestion,
  decided: boolean,
  { score, baseScore }: { score: TableColumn | null; baseScore: TableColumn | null },
  { low, high }: { low: number; high: number },
): number | null {
  if (threshold !== null || (score === null && baseScore === null)) return threshold;
  if (low >= 0 && high <= 1) return 0.5;
  if (decided && baseScore === null) return null;
  throw new PulltrainError('usage', {
    what: '--threshold is missing',
    where: (score ?? baseScore)?.name ?? '',
    seen: Number.isFinite(low) ? `scores from ${low} to ${high}` : 'no score',
    cure: 'Say from which score on a row is selected.',
  });
}

function scoreColumn(name: string, option: string, { columns }: Context): TableColumn {
  const column = findColumn(name, columns, option);
  if (isNumeric(column)) return column;
  throw new PulltrainError('labels-unclear', {
    what: 'scores must be numbers',
    where: column.name,
    seen: column.type,
    cure: 'Decisions are given with --prediction.',
  });
}

async function readRange(
  columns: readonly (TableColumn | null)[],
  { source, tables }: Context,
): Promise<{ low: number; high: number }> {
  const known = columns.filter((column) => column !== null).map(finiteSql);
  if (known.length === 0) return { low: Number.NaN, high: Number.NaN };
  const ends = known.flatMap((sql, at) => [`min(${sql}) AS low${at}`, `max(${sql}) AS high${at}`]);
  const [row = {}] = await tables.query(`SELECT ${ends.join(', ')} FROM ${source}`);
  const numbers = (side: string) =>
    known.flatMap((_, at) => (typeof row[`${side}${at}`] === 'number' ? [Number(row[`${side}${at}`])] : []));
  return { low: Math.min(...numbers('low')), high: Math.max(...numbers('high')) };
}

/** SQL of a number; NULL where it is missing, NaN or infinite. */
function finiteSql(column: TableColumn): string {
  const number = `CAST(${quoteName(column.name)} AS DOUBLE)`;
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

function thresholdSql(column: TableColumn, threshold: number | null): string {
  const score = finiteSql(column);
  return `CASE WHEN ${score} IS NULL THEN NULL WHEN ${score} >= CAST('${threshold}' AS DOUBLE) THEN 1 ELSE 0 END`;
}

function truthSql(column: TableColumn, values: readonly string[]): string {
  const key = keySql(column);
  return `CASE WHEN ${key} IS NULL THEN NULL WHEN ${key} IN (${values.map(quoteText).join(', ')}) THEN 1 ELSE 0 END`;
}

/** `true` of one column and `1` of another say the same. */
function sameFlag(left: string, right: string): boolean {
  const flag = (value: string) => (/^(1|true)$/i.test(value) ? 1 : /^(0|false)$/i.test(value) ? 0 : null);
  return flag(left) !== null && flag(left) === flag(right);
}

function shown(values: readonly string[]): string {
  const few = values.slice(0, 8).map((value) => JSON.stringify(value.slice(0, 60)));
  return values.length > few.length ? `${few.join(', ')} and more` : few.join(', ');
}
