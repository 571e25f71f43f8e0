import type { FairnessCriterionName, FairnessMeasure } from '../pipelines/contracts/fairness.ts';

/** What a reader calls a measure of groups. */
export const measureTitles: Readonly<Record<FairnessMeasure, string>> = {
  base_rate: 'Base rate',
  selection_rate: 'Selection rate',
  tpr: 'True positive rate',
  fpr: 'False positive rate',
  fnr: 'False negative rate',
  tnr: 'True negative rate',
  ppv: 'Positive predictive value',
  npv: 'Negative predictive value',
  fdr: 'False discovery rate',
  for: 'False omission rate',
  accuracy: 'Accuracy',
  balanced_accuracy: 'Balanced accuracy',
  f1: 'F1',
  fn_fp_ratio: 'False negatives per false positive',
  roc_auc: 'ROC AUC',
  mean_score: 'Mean score',
  calibration_gap: 'Mean score - base rate',
  ece: 'ECE, 15 equal-width bins',
  brier: 'Brier score',
  log_loss: 'Log loss',
  mean_label: 'Mean label',
  mean_prediction: 'Mean prediction',
  mean_error: 'Mean error',
  mae: 'MAE',
  rmse: 'RMSE',
  r2: 'R²',
};

export const criterionTitles: Readonly<Record<FairnessCriterionName, string>> = {
  demographic_parity: 'Demographic parity',
  equalised_odds: 'Equalised odds',
  equal_opportunity: 'Equal opportunity',
  predictive_parity: 'Predictive parity',
  predictive_value_parity: 'Predictive value parity',
  accuracy_equality: 'Equal accuracy',
  treatment_equality: 'Treatment equality',
  calibration: 'Calibration by group',
};
