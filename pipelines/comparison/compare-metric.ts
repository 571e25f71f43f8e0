import type { Delta } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import type { JudgedRows } from '../evaluation/judged-rows.ts';
import { compareMetrics } from './compare-metrics.ts';
import { type CompareOptions, defaultOptions } from './compare-options.ts';

/** One metric alone; see `compareMetrics`. */
export function compareMetric(
  name: MetricName,
  base: JudgedRows,
  head: JudgedRows,
  options: CompareOptions = defaultOptions,
): Delta | null {
  return compareMetrics([name], base, head, options)[0] ?? null;
}
