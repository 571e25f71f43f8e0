import type { Group } from '../contracts/evaluation.ts';
import { falsePositiveRate, recall, selectionRate } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { binaryDecisions } from './binary-decisions.ts';
import type { BinaryRows } from './judged-rows.ts';

/** One column that splits the rows: the names of its groups and, per row, which one. */
export type GroupColumn = { by: string; names: string[]; codes: Float64Array };

/** Counts and rates of one group. A rate without a denominator is null; null for all when nothing decides. */
export function measureGroup({ by, group }: Pick<Group, 'by' | 'group'>, rows: BinaryRows): Group | null {
  const decisions = binaryDecisions(rows);
  if (decisions === null) return null;
  const counts = decisions.summarise(decisions.counts);
  return {
    by,
    group,
    n: rows.labels.length,
    positives: counts.tp + counts.fn,
    selectionRate: defined(selectionRate(counts)),
    truePositiveRate: defined(recall(counts)),
    falsePositiveRate: defined(falsePositiveRate(counts)),
    rocAuc: rows.kind === 'none' ? null : defined(delongComponents(rows.labels, rows.scores, rows.order()).auc),
  };
}

function defined(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
