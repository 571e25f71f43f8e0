import type { MetricName } from '../contracts/evaluation.ts';

/** Which way is better, and for which task the metric is defined. */
export type MetricFacts = { direction: 'higher' | 'lower'; task: 'binary' | 'regression' };

export const metricCatalogue: Readonly<Record<MetricName, MetricFacts>> = {
  roc_auc: { direction: 'higher', task: 'binary' },
  pr_auc: { direction: 'higher', task: 'binary' },
  log_loss: { direction: 'lower', task: 'binary' },
  brier: { direction: 'lower', task: 'binary' },
  ece: { direction: 'lower', task: 'binary' },
  accuracy: { direction: 'higher', task: 'binary' },
  precision: { direction: 'higher', task: 'binary' },
  recall: { direction: 'higher', task: 'binary' },
  f1: { direction: 'higher', task: 'binary' },
  mae: { direction: 'lower', task: 'regression' },
  rmse: { direction: 'lower', task: 'regression' },
  r2: { direction: 'higher', task: 'regression' },
};
