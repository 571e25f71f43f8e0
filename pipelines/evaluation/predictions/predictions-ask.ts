import type { MetricName, Task } from '../../contracts/evaluation.ts';

/** What is asked about a table with predictions; names of columns are as the user wrote them. */
export type PredictionsAsk = {
  label: readonly string[];
  /** Columns, or one name that several columns begin with. */
  score: readonly string[];
  prediction: readonly string[];
  task: Task | null;
  threshold: number | null;
  /** Value of the label that is the positive class. */
  positive: string | null;
  classes: readonly string[] | null;
  query: string | null;
  id: string | null;
  /** Column whose equal values belong together, kept for comparisons. */
  cluster?: string | null;
  by: readonly string[];
  metrics: readonly MetricName[] | null;
  /** Rows that lack a value are left out and counted, instead of refused. */
  dropMissing: boolean;
};
