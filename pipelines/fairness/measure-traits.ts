import type { FairnessMeasure } from '../contracts/fairness.ts';

/** What may be said of a measure besides its difference: whether a ratio means something, and how far it reaches. */
type Traits = { ratio: boolean; low: number; high: number };

const share: Traits = { ratio: true, low: 0, high: 1 };
const size: Traits = { ratio: true, low: 0, high: Number.POSITIVE_INFINITY };
const signed: Traits = { ratio: false, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export const measureTraits: Readonly<Record<FairnessMeasure, Traits>> = {
  base_rate: share,
  selection_rate: share,
  tpr: share,
  fpr: share,
  fnr: share,
  tnr: share,
  ppv: share,
  npv: share,
  fdr: share,
  for: share,
  accuracy: share,
  balanced_accuracy: share,
  f1: share,
  fn_fp_ratio: size,
  roc_auc: share,
  // Scores need not be probabilities.
  mean_score: signed,
  calibration_gap: { ratio: false, low: -1, high: 1 },
  ece: share,
  brier: share,
  log_loss: size,
  mean_label: signed,
  mean_prediction: signed,
  mean_error: signed,
  mae: size,
  rmse: size,
  r2: { ratio: false, low: Number.NEGATIVE_INFINITY, high: 1 },
};
