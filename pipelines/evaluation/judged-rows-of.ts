import type { ModelConfig } from '../config/schema.ts';
import { binaryRows, type JudgedRows, multiclassRows, multilabelRows, regressionRows } from './judged-rows.ts';
import type { LoadedHoldout } from './load-holdout.ts';

/** The truth of a holdout beside what a model answers, by task. */
export function judgedRowsOf(
  { task, threshold }: Pick<ModelConfig, 'task' | 'threshold'>,
  {
    labels,
    classes,
    labelColumns = [],
    queries = new Float64Array(),
  }: Pick<LoadedHoldout, 'labels' | 'classes' | 'labelColumns' | 'queries'>,
  scores: readonly Float64Array[],
): JudgedRows {
  const [first = new Float64Array()] = scores;
  switch (task) {
    case 'binary':
      return binaryRows(labels, first, { threshold });
    case 'multiclass':
      return multiclassRows(labels, scores, { classes });
    case 'multilabel':
      return multilabelRows(labelColumns, scores, { classes, threshold });
    case 'regression':
      return regressionRows(labels, first);
    case 'ranking':
      return { task, labels, scores: first, queries };
  }
}
