import type { GapName } from '../pipelines/contracts/comparison.ts';
import type { MetricName } from '../pipelines/contracts/evaluation.ts';

/** What a reader calls a metric; the calibration error is nothing without its bins. */
export const metricTitles: Readonly<Record<MetricName, string>> = {
  roc_auc: 'ROC AUC',
  pr_auc: 'PR AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  ece: 'ECE, 15 equal-width bins',
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  mae: 'MAE',
  rmse: 'RMSE',
  r2: 'R²',
};

export const gapTitles: Readonly<Record<GapName, string>> = {
  tpr_gap: 'True positive rate gap',
  fpr_gap: 'False positive rate gap',
  selection_gap: 'Selection rate gap',
};
