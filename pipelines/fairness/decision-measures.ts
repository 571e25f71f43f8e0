import { headConfusion } from '../comparison/decision-cells.ts';
import type { FairnessMeasure } from '../contracts/fairness.ts';
import type { Confusion } from '../statistics/confusion.ts';

/** A measure of decisions. `of` is NaN where there is nothing to divide by. */
export type DecisionMeasure = {
  measure: FairnessMeasure;
  of(counts: Confusion): number;
  /** Rows that it is taken over; of a mean of two rates the fewer. */
  denominator(counts: Confusion): number;
  /** Rows counted, of a plain rate `numerator / denominator`; null for everything else. */
  numerator: ((counts: Confusion) => number) | null;
};

const rate = (
  measure: FairnessMeasure,
  numerator: (counts: Confusion) => number,
  denominator: (counts: Confusion) => number,
): DecisionMeasure => ({
  measure,
  of: (counts) => numerator(counts) / denominator(counts),
  denominator,
  numerator,
});

const all = ({ tp, fp, fn, tn }: Confusion) => tp + fp + fn + tn;
const positives = ({ tp, fn }: Confusion) => tp + fn;
const negatives = ({ fp, tn }: Confusion) => fp + tn;
const selected = ({ tp, fp }: Confusion) => tp + fp;
const refused = ({ fn, tn }: Confusion) => fn + tn;

/** Every measure of a binary decision, in the order in which they are told. */
export const decisionMeasures: readonly DecisionMeasure[] = [
  rate('base_rate', positives, all),
  rate('selection_rate', selected, all),
  rate('tpr', ({ tp }) => tp, positives),
  rate('fpr', ({ fp }) => fp, negatives),
  rate('fnr', ({ fn }) => fn, positives),
  rate('tnr', ({ tn }) => tn, negatives),
  rate('ppv', ({ tp }) => tp, selected),
  rate('npv', ({ tn }) => tn, refused),
  rate('fdr', ({ fp }) => fp, selected),
  rate('for', ({ fn }) => fn, refused),
  rate('accuracy', ({ tp, tn }) => tp + tn, all),
  {
    measure: 'balanced_accuracy',
    of: (counts) => (counts.tp / positives(counts) + counts.tn / negatives(counts)) / 2,
    denominator: (counts) => Math.min(positives(counts), negatives(counts)),
    numerator: null,
  },
  {
    measure: 'f1',
    of: ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
    denominator: ({ tp, fp, fn }) => tp + fp + fn,
    numerator: null,
  },
  {
    // With false negatives and no false positive the ratio has no bound: undefined, like 0 of 0.
    measure: 'fn_fp_ratio',
    of: ({ fn, fp }) => (fp === 0 ? Number.NaN : fn / fp),
    denominator: ({ fn, fp }) => fn + fp,
    numerator: null,
  },
];

/** Counts of the head's decisions; zeros where nothing is decided. */
export function confusionOf(cells: Float64Array | null): Confusion {
  return headConfusion(cells ?? new Float64Array(8));
}
