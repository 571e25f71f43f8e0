import type { ModelConfig } from '../config/schema.ts';
import { toColumns } from '../evaluation/answer-columns.ts';
import { judgedRowsOf } from '../evaluation/judged-rows-of.ts';
import type { LoadedHoldout } from '../evaluation/load-holdout.ts';
import { measureMetrics } from '../evaluation/measure-metric.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import { takeTruth } from '../evaluation/take-truth.ts';
import type { SampleMetric } from './measure-importance.ts';

type Truth = ReturnType<typeof takeTruth>;

/** The primary metric of a model on a sample of the holdout. `rows`: which rows of the holdout are in the sample. */
export function judgedMetric(
  policy: Pick<ModelConfig, 'task' | 'threshold' | 'metrics'>,
  loaded: LoadedHoldout,
  rows: Uint32Array,
): SampleMetric {
  const name = policy.metrics.primary;
  const sampled = takeTruth(loaded, rows);
  /** The same few parts are measured for every input and shuffle. */
  const known = new Map<Uint32Array, Truth>();
  const truthOf = (part: Uint32Array): Truth => {
    const truth = known.get(part) ?? takeTruth(sampled, part);
    known.set(part, truth);
    return truth;
  };
  return {
    name,
    direction: metricFacts(name).direction,
    measure(part, answers) {
      const width = part.length === 0 ? 1 : answers.length / part.length;
      const scores = toColumns({ values: answers, rows: part.length, width, seconds: 0 });
      const [found] = measureMetrics([name], judgedRowsOf(policy, truthOf(part), scores), { resamples: 0 });
      return found?.value ?? Number.NaN;
    },
  };
}
