import type { OfDecisions } from '../evaluation/of-decisions.ts';

/** The value of a metric of decisions, whichever way it is computed. */
export function decidedValue<Summary>(metric: OfDecisions<Summary>, summary: Summary): number {
  if (metric.of !== undefined) return metric.of(summary);
  const [hits, of] = metric.proportion(summary);
  return metric.transform?.(hits / of) ?? hits / of;
}
