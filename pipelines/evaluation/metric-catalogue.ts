import type { MetricName, Task } from '../contracts/evaluation.ts';

/** The name of a metric without the number that some carry. */
export type MetricFamily = MetricName extends infer Name
  ? Name extends `${infer Family}@${string}`
    ? Family
    : Name
  : never;

export type MetricFacts = {
  /** Which way is better. */
  direction: 'higher' | 'lower';
  /** For which tasks the metric is defined. */
  tasks: readonly Task[];
  /** What it is computed from: the order of the scores, scores that are probabilities, or decisions. */
  from: 'scores' | 'probabilities' | 'decisions';
};

const binary = ['binary'] as const;
const oneOfClasses = ['binary', 'multiclass'] as const;
const classes = ['binary', 'multiclass', 'multilabel'] as const;
const several = ['multiclass', 'multilabel'] as const;

const catalogue: Readonly<Record<MetricFamily, MetricFacts>> = {
  roc_auc: { direction: 'higher', tasks: classes, from: 'scores' },
  roc_auc_weighted: { direction: 'higher', tasks: several, from: 'scores' },
  pr_auc: { direction: 'higher', tasks: classes, from: 'scores' },
  log_loss: { direction: 'lower', tasks: classes, from: 'probabilities' },
  brier: { direction: 'lower', tasks: classes, from: 'probabilities' },
  ece: { direction: 'lower', tasks: classes, from: 'probabilities' },
  accuracy: { direction: 'higher', tasks: classes, from: 'decisions' },
  balanced_accuracy: { direction: 'higher', tasks: oneOfClasses, from: 'decisions' },
  precision: { direction: 'higher', tasks: classes, from: 'decisions' },
  precision_micro: { direction: 'higher', tasks: several, from: 'decisions' },
  precision_weighted: { direction: 'higher', tasks: several, from: 'decisions' },
  recall: { direction: 'higher', tasks: classes, from: 'decisions' },
  recall_micro: { direction: 'higher', tasks: several, from: 'decisions' },
  recall_weighted: { direction: 'higher', tasks: several, from: 'decisions' },
  specificity: { direction: 'higher', tasks: binary, from: 'decisions' },
  f1: { direction: 'higher', tasks: classes, from: 'decisions' },
  f1_micro: { direction: 'higher', tasks: several, from: 'decisions' },
  f1_weighted: { direction: 'higher', tasks: several, from: 'decisions' },
  f_beta: { direction: 'higher', tasks: classes, from: 'decisions' },
  mcc: { direction: 'higher', tasks: oneOfClasses, from: 'decisions' },
  kappa: { direction: 'higher', tasks: oneOfClasses, from: 'decisions' },
  jaccard: { direction: 'higher', tasks: classes, from: 'decisions' },
  hamming_loss: { direction: 'lower', tasks: several, from: 'decisions' },
  top_k: { direction: 'higher', tasks: ['multiclass'], from: 'scores' },
  mae: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  mse: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  rmse: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  r2: { direction: 'higher', tasks: ['regression'], from: 'scores' },
  explained_variance: { direction: 'higher', tasks: ['regression'], from: 'scores' },
  mape: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  msle: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  median_ae: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  max_error: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  pinball: { direction: 'lower', tasks: ['regression'], from: 'scores' },
  ndcg: { direction: 'higher', tasks: ['ranking'], from: 'scores' },
  mrr: { direction: 'higher', tasks: ['ranking'], from: 'scores' },
};

export function metricFacts(name: MetricName): MetricFacts {
  return catalogue[splitMetric(name).family];
}

/** The family of a metric and the number behind its `@`; null where there is none. */
export function splitMetric(name: MetricName): { family: MetricFamily; parameter: number | null } {
  const [family = '', parameter] = name.split('@');
  if (!isFamily(family)) throw new Error(`no metric ${name}`);
  return { family, parameter: parameter === undefined ? null : Number(parameter) };
}

/** Names of the metrics of a task as a configuration may write them. */
export function metricsOfTask(task: Task): string[] {
  const needsNumber: Record<string, string> = { f_beta: 'f_beta@2', top_k: 'top_k@5', pinball: 'pinball@0.9' };
  const names = Object.keys(catalogue)
    .filter(isFamily)
    .filter((family) => catalogue[family].tasks.includes(task))
    .map((family) => needsNumber[family] ?? family);
  return task === 'ranking' ? [...names, 'ndcg@10'] : names;
}

function isFamily(name: string): name is MetricFamily {
  return Object.hasOwn(catalogue, name);
}
