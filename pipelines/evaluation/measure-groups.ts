import type { Group } from '../contracts/evaluation.ts';
import { confusion, falsePositiveRate, recall, selectionRate } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { rowOrder } from '../statistics/row-order.ts';
import { take } from '../statistics/take.ts';
import type { ScoredRows } from './scored-rows.ts';
import { splitRows } from './split-rows.ts';

/** One column that splits the rows: the names of its groups and, per row, which one. */
export type GroupColumn = { by: string; names: string[]; codes: Float64Array };

/** Counts and rates of every group of one column. A rate without a denominator is null. */
export function measureGroups(
  { by, names, codes }: GroupColumn,
  rows: Pick<ScoredRows, 'labels' | 'scores' | 'threshold' | 'order'>,
): Group[] {
  const members = splitRows(names.length, codes, rows.order());
  const inOrder = rowOrder(rows.labels.length);
  return names.map((group, code) => {
    const own = members[code] ?? new Uint32Array();
    const labels = take(rows.labels, own);
    const scores = take(rows.scores, own);
    const counts = confusion(labels, scores, rows.threshold);
    return {
      by,
      group,
      n: own.length,
      positives: counts.tp + counts.fn,
      selectionRate: defined(selectionRate(counts)),
      truePositiveRate: defined(recall(counts)),
      falsePositiveRate: defined(falsePositiveRate(counts)),
      // The members are in order already.
      rocAuc: defined(delongComponents(labels, scores, inOrder).auc),
    };
  });
}

function defined(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
