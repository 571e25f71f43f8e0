import type { JudgedRows } from '../evaluation/judged-rows.ts';
import { rowCount } from '../evaluation/judged-rows.ts';
import { sortOrder } from '../statistics/sort-order.ts';
import { take } from '../statistics/take.ts';

/**
 * The place of every row in an order by what is known of it: both models' answers and the truth. The same seed then draws
 * the same rows however they were stored.
 */
export function canonicalPlaces(first: JudgedRows, second: JudgedRows): Uint32Array {
  const count = rowCount(first);
  let order = Uint32Array.from({ length: count }, (_, row) => row);
  for (const column of [...truthsOf(first), ...answersOf(second), ...answersOf(first)]) {
    order = take32(order, sortOrder(take(column, order)));
  }
  const places = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) places[order[at] ?? 0] = at;
  return places;
}

/**
 * Below 0 when the left model comes first in an order of models by their answers alone, above when the right one does, 0
 * when it cannot be told. A comparison is made in this order, and turned round when it was asked the other way: swapping
 * base and head then negates it to the last digit.
 */
export function compareAnswers(left: JudgedRows, right: JudgedRows): number {
  const [lefts, rights] = [sortedScores(left), sortedScores(right)];
  for (let column = 0; column < lefts.length; column += 1) {
    const [own, other] = [lefts[column], rights[column]];
    if (own === undefined || other === undefined) continue;
    for (let at = 0; at < own.length; at += 1) {
      const apart = own.at(at) - other.at(at);
      if (apart !== 0) return apart;
    }
  }
  return sumOf(decisionsOf(left)) - sumOf(decisionsOf(right));
}

/** Scores in ascending order, column by column, out of orders that are needed anyway. */
function sortedScores(rows: JudgedRows): { length: number; at(place: number): number }[] {
  const sorted = (scores: Float64Array, order: Uint32Array) => ({
    length: scores.length,
    at: (place: number) => scores[order[place] ?? 0] ?? 0,
  });
  if (rows.task === 'binary' || rows.task === 'regression') return [sorted(rows.scores, rows.order())];
  if (rows.task === 'ranking') return [sorted(rows.scores, sortOrder(rows.scores))];
  const orders = rows.orders();
  return rows.scores.map((scores, index) => sorted(scores, orders[index] ?? new Uint32Array()));
}

function decisionsOf(rows: JudgedRows): readonly Float64Array[] {
  if (rows.task === 'regression' || rows.task === 'ranking' || rows.decisions === null) return [];
  return rows.task === 'multilabel' ? rows.decisions : [rows.decisions];
}

/** Of whole numbers, and so the same in every order. */
function sumOf(columns: readonly Float64Array[]): number {
  return columns.reduce((total, column) => total + column.reduce((sum, value) => sum + value, 0), 0);
}

/** Everything that a model says, column by column. */
export function answersOf(rows: JudgedRows): readonly Float64Array[] {
  const scores = rows.task === 'multiclass' || rows.task === 'multilabel' ? rows.scores : [rows.scores];
  return [...scores, ...decisionsOf(rows)];
}

function truthsOf(rows: JudgedRows): readonly Float64Array[] {
  return rows.task === 'multilabel' ? rows.labels : [rows.labels];
}

function take32(values: Uint32Array, places: Uint32Array): Uint32Array<ArrayBuffer> {
  const taken = new Uint32Array(places.length);
  for (let at = 0; at < places.length; at += 1) taken[at] = values[places[at] ?? 0] ?? 0;
  return taken;
}
