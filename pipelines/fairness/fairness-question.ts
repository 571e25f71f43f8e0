import type { FairnessMeasure } from '../contracts/fairness.ts';

export type FairnessTask = 'binary' | 'multiclass' | 'regression';

/** What is asked about the columns of a table; null where nothing was said. */
export type FairnessQuestion = {
  label: string;
  prediction: string | null;
  score: string | null;
  threshold: number | null;
  basePrediction: string | null;
  baseScore: string | null;
  /** As written: `race`, `race,sex`, `race*sex`. */
  by: readonly string[];
  control: string | null;
  task: FairnessTask | null;
  positive: string | null;
  /** Values of the prediction that count as selected, when they are not called like those of the label. */
  selected: readonly string[];
  /** Value of the prediction that is good for the one it is about. */
  favourable: string | null;
  reference: string | null;
  questions: readonly FairnessMeasure[] | null;
  minGroup: number;
  resamples: number;
  seed: number;
};
