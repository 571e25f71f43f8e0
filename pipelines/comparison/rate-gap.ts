import type { FairnessChange, GapName } from '../contracts/comparison.ts';
import { type Confusion, falsePositiveRate, recall, selectionRate } from '../statistics/confusion.ts';

export type GroupRate = FairnessChange['groups'][number];

/** The rate behind a gap and the rows it is taken over. */
export const gapRates: Readonly<
  Record<GapName, { title: string; rate: (counts: Confusion) => number; denominator: (counts: Confusion) => number }>
> = {
  tpr_gap: { title: 'true positive rate', rate: recall, denominator: ({ tp, fn }) => tp + fn },
  fpr_gap: { title: 'false positive rate', rate: falsePositiveRate, denominator: ({ fp, tn }) => fp + tn },
  selection_gap: {
    title: 'selection rate',
    rate: selectionRate,
    denominator: ({ tp, fp, fn, tn }) => tp + fp + fn + tn,
  },
};

export type RateGap = { gap: number | null; lowest: string | null; highest: string | null; tooSmall: string[] };

/**
 * Largest minus smallest rate over the groups whose rate is taken over at least `minGroup` rows; the others, and those
 * whose rate is undefined, are listed and not judged. Fewer than two judged groups have no gap.
 */
export function rateGap(
  groups: readonly Pick<GroupRate, 'group' | 'denominator' | 'base' | 'head'>[],
  side: 'base' | 'head',
  minGroup: number,
): RateGap {
  const judged: { group: string; rate: number }[] = [];
  const tooSmall: string[] = [];
  for (const { group, denominator, [side]: rate } of groups) {
    if (rate === null || denominator < minGroup) tooSmall.push(group);
    else judged.push({ group, rate });
  }
  const sorted = judged.sort((left, right) => left.rate - right.rate);
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)];
  if (lowest === undefined || highest === undefined || sorted.length < 2) {
    return { gap: null, lowest: null, highest: null, tooSmall };
  }
  return { gap: highest.rate - lowest.rate, lowest: lowest.group, highest: highest.group, tooSmall };
}
