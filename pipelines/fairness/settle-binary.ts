import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import { finiteSql, thresholdSql, truthSql } from './decision-sql.ts';
import { readDecisions, sameFlag, selectedValues, settleFavourable, settlePositive } from './decision-values.ts';
import type { FairnessQuestion } from './fairness-question.ts';
import { findColumn, isNumeric } from './read-values.ts';
import type { Context, Decision } from './settle-decision.ts';

/** What is positive and what is selected where only two things matter. Throws as `settleDecision` does. */
export async function settleBinary(
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
      : await readDecisions(findColumn(question.prediction, context.columns, 'prediction'), labels, question, context);
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
      const own = await readDecisions(found, labels, question, context);
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
  if (predictions !== null && question.threshold !== null) {
    notes.push(`Decisions are those of ${named}: the threshold ${question.threshold} decides nothing of it.`);
  }
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
    threshold: predictions === null ? threshold : null,
    favourable: settleFavourable(question, positive, selected, values),
    probabilities,
    words,
    notes,
  };
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
