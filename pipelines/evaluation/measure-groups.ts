import type { Group } from '../contracts/evaluation.ts';
import { confusion, falsePositiveRate, recall, selectionRate } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';

/** One column that splits the rows: the names of its groups and, per row, which one. */
export type GroupColumn = { by: string; names: string[]; codes: Float64Array };

/** Counts and rates of every group of one column. A rate without a denominator is null. */
export function measureGroups(
  { by, names, codes }: GroupColumn,
  { labels, scores, threshold }: { labels: Float64Array; scores: Float64Array; threshold: number },
): Group[] {
  return names.map((group, code) => {
    const rows = codes.reduce((count, at) => count + (at === code ? 1 : 0), 0);
    const groupLabels = new Float64Array(rows);
    const groupScores = new Float64Array(rows);
    let filled = 0;
    for (let row = 0; row < codes.length; row += 1) {
      if (codes[row] !== code) continue;
      groupLabels[filled] = labels[row] ?? 0;
      groupScores[filled] = scores[row] ?? 0;
      filled += 1;
    }
    const counts = confusion(groupLabels, groupScores, threshold);
    return {
      by,
      group,
      n: rows,
      positives: counts.tp + counts.fn,
      selectionRate: defined(selectionRate(counts)),
      truePositiveRate: defined(recall(counts)),
      falsePositiveRate: defined(falsePositiveRate(counts)),
      rocAuc: defined(delongComponents(groupLabels, groupScores).auc),
    };
  });
}

function defined(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
