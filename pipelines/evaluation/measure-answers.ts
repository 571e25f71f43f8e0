import type { ModelConfig } from '../config/schema.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { judgedRowsOf } from './judged-rows-of.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { type MeasuredRows, measureRows, type SearchColumns } from './measure-rows.ts';

/** Truth and answers of a model, as plain data that another thread can take. */
export type Answers = {
  names: readonly MetricName[];
  policy: Pick<ModelConfig, 'task' | 'threshold'>;
  truth: Pick<LoadedHoldout, 'labels' | 'classes' | 'labelColumns' | 'queries' | 'groups'>;
  scores: readonly Float64Array[];
  search: SearchColumns;
};

/** All that is computed from the answers of a model alone: the part of a measurement that takes long and touches nothing. */
export function measureAnswers({ names, policy, truth, scores, search }: Answers): MeasuredRows {
  const { groups, classes } = truth;
  const rows = judgedRowsOf(policy, truth, scores);
  return measureRows(names, rows, { by: groups, search, ...(classes.length === 0 ? {} : { classes }) });
}
