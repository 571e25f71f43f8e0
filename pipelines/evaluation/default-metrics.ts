import type { MetricName } from '../contracts/evaluation.ts';
import { metricNameSchema } from '../contracts/evaluation.ts';
import type { JudgedRows } from './judged-rows.ts';
import { metricFacts, metricsOfTask } from './metric-catalogue.ts';

/** What is measured when nobody says: everything that is defined for the task, with the usual numbers behind an `@`. */
export function defaultMetrics(rows: JudgedRows): MetricName[] {
  const more: Partial<Record<JudgedRows['task'], readonly string[]>> = {
    binary: ['f_beta@0.5'],
    multiclass: topCounts(rows).map((k) => `top_k@${k}`),
    multilabel: ['f_beta@0.5'],
    regression: ['pinball@0.1'],
    ranking: ['ndcg@5'],
  };
  const names = metricsOfTask(rows.task).filter((name) => !name.startsWith('top_k'));
  const all = [...names, ...(more[rows.task] ?? [])].map((name) => metricNameSchema.parse(name));
  const hasScores = rows.task === 'regression' || rows.task === 'ranking' || rows.kind !== 'none';
  return hasScores ? all : all.filter((name) => metricFacts(name).from === 'decisions');
}

/** Fewer than the classes: among all of them every model is right. */
function topCounts(rows: JudgedRows): number[] {
  return rows.task === 'multiclass' ? [2, 3, 5, 10].filter((k) => k < rows.classes.length) : [];
}
