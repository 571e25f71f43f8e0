import type { GapName } from '../pipelines/contracts/comparison.ts';

/** What a reader calls a metric, also one with a number behind an `@`; the calibration error is nothing without its bins. */
export function metricTitle(name: string): string {
  const [base = '', number] = name.split('@');
  const title = (Object.hasOwn(titles, base) ? titles[base] : undefined) ?? base.replaceAll('_', ' ');
  if (number === undefined) return title;
  if (base === 'ndcg') return `${title}@${number}`;
  return title.includes('#') ? title.replace('#', number) : `${title} ${number}`;
}

const titles: Readonly<Record<string, string>> = {
  roc_auc: 'ROC AUC',
  roc_auc_weighted: 'ROC AUC, weighted',
  pr_auc: 'PR AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  ece: 'ECE, 15 equal-width bins',
  accuracy: 'Accuracy',
  balanced_accuracy: 'Balanced accuracy',
  precision: 'Precision',
  precision_micro: 'Precision, micro',
  precision_weighted: 'Precision, weighted',
  recall: 'Recall',
  recall_micro: 'Recall, micro',
  recall_weighted: 'Recall, weighted',
  specificity: 'Specificity',
  f1: 'F1',
  f1_micro: 'F1, micro',
  f1_weighted: 'F1, weighted',
  f_beta: 'F#',
  mcc: 'MCC',
  kappa: "Cohen's kappa",
  jaccard: 'Jaccard index',
  hamming_loss: 'Hamming loss',
  top_k: 'Top-# accuracy',
  mae: 'MAE',
  mse: 'MSE',
  rmse: 'RMSE',
  r2: 'R²',
  explained_variance: 'Explained variance',
  mape: 'MAPE',
  msle: 'MSLE',
  median_ae: 'Median absolute error',
  max_error: 'Largest error',
  pinball: 'Pinball loss at',
  ndcg: 'NDCG',
  mrr: 'MRR',
  calibration: 'Mean score against mean label',
};

export const gapTitles: Readonly<Record<GapName, string>> = {
  tpr_gap: 'True positive rate gap',
  fpr_gap: 'False positive rate gap',
  selection_gap: 'Selection rate gap',
  ppv_gap: 'Positive predictive value gap',
  npv_gap: 'Negative predictive value gap',
  accuracy_gap: 'Accuracy gap',
  auc_gap: 'ROC AUC gap',
  calibration_gap: 'Gap of mean score - base rate',
  equalised_odds: 'Equalised odds gap',
};
