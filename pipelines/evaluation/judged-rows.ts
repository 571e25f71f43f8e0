import { sortOrder } from '../statistics/sort-order.ts';
import { take } from '../statistics/take.ts';
import { type ScoredRows, scoredRows } from './scored-rows.ts';
import { splitRows } from './split-rows.ts';

/** What the scores of classes are: probabilities, numbers that only order rows, or nothing at all. */
export type ScoreKind = 'probabilities' | 'numbers' | 'none';

export type BinaryRows = ScoredRows & { task: 'binary'; kind: ScoreKind; decisions: Float64Array | null };
/** `labels` and `decisions` are indices into `classes`; a column of scores a class. */
export type MulticlassRows = {
  task: 'multiclass';
  classes: readonly string[];
  labels: Float64Array;
  scores: readonly Float64Array[];
  kind: ScoreKind;
  decisions: Float64Array;
  orders(): readonly Uint32Array[];
};
/** A column of 0 and 1 a label in `labels` and `decisions`, a column of scores a label. */
export type MultilabelRows = {
  task: 'multilabel';
  classes: readonly string[];
  labels: readonly Float64Array[];
  scores: readonly Float64Array[];
  kind: ScoreKind;
  /** Null where nothing decides: scores that are no probabilities, and no threshold. */
  decisions: readonly Float64Array[] | null;
  orders(): readonly Uint32Array[];
};
export type RegressionRows = ScoredRows & { task: 'regression' };
/** `labels` are relevances of 0 and more, `queries` says which query a row belongs to, counted from 0. */
export type RankingRows = {
  task: 'ranking';
  labels: Float64Array;
  scores: Float64Array;
  queries: Float64Array;
};

/** Truth and answers of a model on the same rows, whatever its task. */
export type JudgedRows = BinaryRows | MulticlassRows | MultilabelRows | RegressionRows | RankingRows;

export function rowCount(rows: JudgedRows): number {
  return rows.task === 'multilabel' ? (rows.labels[0]?.length ?? 0) : rows.labels.length;
}

/** Rows of a binary model. `threshold` is null where scores are no probabilities and nothing was said of it. */
export function binaryRows(
  labels: Float64Array,
  scores: Float64Array,
  {
    threshold,
    decisions = null,
    kind,
  }: { threshold: number | null; decisions?: Float64Array | null; kind?: ScoreKind },
): BinaryRows {
  const decided = decisions ?? (threshold === null ? null : decide(scores, threshold));
  const rows = scoredRows(labels, scores, threshold ?? Number.NaN);
  return { ...rows, task: 'binary', kind: kind ?? kindOf([scores]), decisions: decided };
}

export function multiclassRows(
  labels: Float64Array,
  scores: readonly Float64Array[],
  { classes, decisions }: { classes: readonly string[]; decisions?: Float64Array },
): MulticlassRows {
  return {
    task: 'multiclass',
    classes,
    labels,
    scores,
    kind: addUp(scores) ? kindOf(scores) : 'numbers',
    decisions: decisions ?? mostLikely(scores, labels.length),
    orders: once(() => scores.map((column) => sortOrder(column))),
  };
}

export function multilabelRows(
  labels: readonly Float64Array[],
  scores: readonly Float64Array[],
  given: { classes: readonly string[]; threshold: number | null; decisions?: readonly Float64Array[] },
): MultilabelRows {
  const { classes, threshold } = given;
  const decided = threshold === null ? null : scores.map((column) => decide(column, threshold));
  return {
    task: 'multilabel',
    classes,
    labels,
    scores,
    kind: kindOf(scores),
    decisions: given.decisions ?? decided,
    orders: once(() => scores.map((column) => sortOrder(column))),
  };
}

export function regressionRows(labels: Float64Array, scores: Float64Array): RegressionRows {
  return { ...scoredRows(labels, scores, Number.NaN), task: 'regression' };
}

/** The rows of every group, each in row order; nothing is sorted again. */
export function partRows(rows: JudgedRows, groups: number, codes: Float64Array): JudgedRows[] {
  const members = splitRows(groups, codes);
  const within = (order: Uint32Array) => ordersWithin(members, codes, order);
  const parts = (values: Float64Array) => members.map((own) => take(values, own));
  if (rows.task === 'ranking') {
    return members.map((own) => ({
      task: 'ranking',
      labels: take(rows.labels, own),
      scores: take(rows.scores, own),
      queries: renumbered(take(rows.queries, own)),
    }));
  }
  if (rows.task === 'binary' || rows.task === 'regression') {
    const [labels, scores] = [parts(rows.labels), parts(rows.scores)];
    const orders = once(() => within(rows.order()));
    return members.map((own, code) => {
      const part = {
        labels: labels[code] ?? empty,
        scores: scores[code] ?? empty,
        threshold: rows.threshold,
        order: () => orders()[code] ?? new Uint32Array(),
      };
      if (rows.task === 'regression') return { ...part, task: 'regression' };
      return { ...part, task: 'binary', kind: rows.kind, decisions: rows.decisions && take(rows.decisions, own) };
    });
  }
  const orders = once(() => rows.orders().map(within));
  const ordersOf = (code: number) => () => orders().map((byGroup) => byGroup[code] ?? new Uint32Array());
  const pick = (columns: readonly Float64Array[], own: Uint32Array) => columns.map((column) => take(column, own));
  return members.map((own, code) => {
    const { classes, kind } = rows;
    const common = { classes, kind, scores: pick(rows.scores, own), orders: ordersOf(code) };
    if (rows.task === 'multiclass') {
      return { ...common, task: 'multiclass', labels: take(rows.labels, own), decisions: take(rows.decisions, own) };
    }
    const decisions = rows.decisions && pick(rows.decisions, own);
    return { ...common, task: 'multilabel', labels: pick(rows.labels, own), decisions };
  });
}

/** Queries counted from 0 again, so that a part costs by its own queries and not by all. */
function renumbered(queries: Float64Array): Float64Array {
  const numbers = new Map<number, number>();
  return queries.map((query) => {
    const number = numbers.get(query) ?? numbers.size;
    numbers.set(query, number);
    return number;
  });
}

/** For every group the order of its own rows, counted from 0, out of the order of all rows. */
function ordersWithin(members: readonly Uint32Array[], codes: Float64Array, order: Uint32Array): Uint32Array[] {
  const places = new Uint32Array(codes.length);
  for (const own of members) for (let at = 0; at < own.length; at += 1) places[own[at] ?? 0] = at;
  return splitRows(members.length, codes, order).map((own) => own.map((row) => places[row] ?? 0));
}

export function kindOf(scores: readonly Float64Array[]): ScoreKind {
  if (scores.length === 0) return 'none';
  return scores.every((column) => column.every((score) => score >= 0 && score <= 1)) ? 'probabilities' : 'numbers';
}

/** Of the sum of a row's probabilities, which may have been rounded to a few digits. */
const sumTolerance = 1e-3;

function addUp(scores: readonly Float64Array[]): boolean {
  const rows = scores[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of scores) sum += column[row] ?? 0;
    if (Math.abs(sum - 1) > sumTolerance) return scores.length === 0;
  }
  return true;
}

/** The class of the highest score, the first one of equals. */
function mostLikely(scores: readonly Float64Array[], rows: number): Float64Array {
  const best = new Float64Array(rows);
  const highest = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  scores.forEach((column, index) => {
    for (let row = 0; row < rows; row += 1) {
      const score = column[row] ?? Number.NEGATIVE_INFINITY;
      if (score <= (highest[row] ?? 0)) continue;
      highest[row] = score;
      best[row] = index;
    }
  });
  return best;
}

function decide(scores: Float64Array, threshold: number): Float64Array {
  const decided = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) decided[row] = Number((scores[row] ?? 0) >= threshold);
  return decided;
}

const empty = new Float64Array();

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
