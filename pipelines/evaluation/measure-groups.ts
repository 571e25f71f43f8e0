import type { Group } from '../contracts/evaluation.ts';
import { confusion, falsePositiveRate, recall, selectionRate } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import type { ScoredRows } from './scored-rows.ts';

/** One column that splits the rows: the names of its groups and, per row, which one. */
export type GroupColumn = { by: string; names: string[]; codes: Float64Array };

/** Counts and rates of every group of one column. A rate without a denominator is null. */
export function measureGroups(
  { by, names, codes }: GroupColumn,
  rows: Pick<ScoredRows, 'labels' | 'scores' | 'threshold' | 'order'>,
): Group[] {
  const members = splitByGroup(names.length, codes, rows.order());
  return names.map((group, code) => {
    const own = members[code] ?? new Uint32Array();
    const labels = Float64Array.from(own, (row) => rows.labels[row] ?? 0);
    const scores = Float64Array.from(own, (row) => rows.scores[row] ?? 0);
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
      rocAuc: defined(
        delongComponents(
          labels,
          scores,
          own.map((_, at) => at),
        ).auc,
      ),
    };
  });
}

/** The rows of every group in the given order. */
function splitByGroup(groups: number, codes: Float64Array, order: Uint32Array): Uint32Array[] {
  const sizes = new Uint32Array(groups);
  for (const code of codes) sizes[code] = (sizes[code] ?? 0) + 1;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(groups);
  for (const row of order) {
    const code = codes[row] ?? 0;
    const at = filled[code] ?? 0;
    const own = members[code];
    if (own !== undefined) own[at] = row;
    filled[code] = at + 1;
  }
  return members;
}

function defined(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
