import type { FairnessChange, GapName } from '../contracts/comparison.ts';
import type { FairnessMeasure } from '../contracts/fairness.ts';

export type GroupRate = FairnessChange['groups'][number];

/** What a gap is the difference of; of several measures the widest counts. */
export const gapMeasures: Readonly<Record<GapName, { title: string; measures: readonly FairnessMeasure[] }>> = {
  tpr_gap: { title: 'true positive rate', measures: ['tpr'] },
  fpr_gap: { title: 'false positive rate', measures: ['fpr'] },
  selection_gap: { title: 'selection rate', measures: ['selection_rate'] },
  ppv_gap: { title: 'positive predictive value', measures: ['ppv'] },
  npv_gap: { title: 'negative predictive value', measures: ['npv'] },
  accuracy_gap: { title: 'accuracy', measures: ['accuracy'] },
  auc_gap: { title: 'ROC AUC', measures: ['roc_auc'] },
  calibration_gap: { title: 'mean score against base rate', measures: ['calibration_gap'] },
  equalised_odds: { title: 'true or false positive rate', measures: ['tpr', 'fpr'] },
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
