import type { MetricName, Task } from '../contracts/evaluation.ts';
import { splitMetric } from './metric-catalogue.ts';

/** Of metrics that have one name and several definitions, the one that was taken. */
export function conventionsOf(names: readonly MetricName[], task: Task): Record<string, string> {
  const told: Record<string, string> = {};
  for (const name of names) {
    const text = conventionOf(splitMetric(name).family, task);
    if (text !== null) told[name] = text;
  }
  return told;
}

function conventionOf(family: string, task: Task): string | null {
  if (family === 'brier') return brier[task] ?? null;
  if (family === 'ece') return calibration[task] ?? null;
  if (family.startsWith('roc_auc') && task !== 'binary') {
    return `${family.endsWith('weighted') ? 'mean weighted by rows' : 'unweighted mean'} over ${several(task)}, each against all others`;
  }
  if (family === 'pr_auc') {
    const steps = 'average precision: the sum of (R_k - R_k-1) P_k over distinct scores';
    return task === 'binary' ? steps : `${steps}; unweighted mean over ${several(task)}`;
  }
  if (family === 'log_loss') {
    return `natural logarithm, probabilities held within 2^-52 of 0 and 1${task === 'multilabel' ? '; mean over rows and labels' : ''}`;
  }
  if (family === 'accuracy' && task === 'multilabel') return 'share of rows whose labels are all right';
  if (task !== 'binary' && /^(precision|recall|f1|f_beta|jaccard)/.test(family)) return averaging(family, task);
  return texts[family] ?? null;
}

function averaging(family: string, task: Task): string {
  if (family.endsWith('_micro')) return `of all decisions of ${several(task)} together`;
  const zero = `${several(task)} that are never decided for, or never true, count 0`;
  return family.endsWith('_weighted')
    ? `mean over ${several(task)} weighted by rows; ${zero}`
    : `unweighted mean over ${several(task)} that occur; ${zero}`;
}

function several(task: Task): string {
  return task === 'multilabel' ? 'labels' : 'classes';
}

const brier: Partial<Record<Task, string>> = {
  binary: 'mean of (score - label)², so that 0.25 is the worth of saying 0.5; half of the sum over both classes',
  multiclass: 'mean over rows of the sum over classes of (score - indicator)², from 0 to 2',
  multilabel: 'mean over rows and labels of (score - label)²',
};

const calibration: Partial<Record<Task, string>> = {
  binary: '15 equal-width bins, mean over rows of the distance between mean score and share of positives',
  multiclass: '15 equal-width bins of the score of the decided class, against the share of right decisions',
  multilabel: '15 equal-width bins of the scores of all labels together',
};

const texts: Readonly<Record<string, string>> = {
  top_k: 'of equal scores the class that comes first is the higher one',
  mape: 'share of |truth|; a truth of 0 counts as 2^-52 and so outweighs all others',
  r2: 'undefined where the truth is the same in all rows',
  max_error: 'no interval: no row tells of a larger error',
  ndcg: 'linear gains, discount 1 / log2(rank + 1), tied scores share their mean gain; queries without a relevant row are left out',
  mrr: 'tied scores count as in a random order; queries without a relevant row are left out',
  pinball: 'mean of alpha (y - s) where the score s is below the truth y, and (1 - alpha)(s - y) above it',
};
