import type { ModelConfig } from '../config/schema.ts';
import { toColumns } from '../evaluation/answer-columns.ts';
import { judgedRowsOf } from '../evaluation/judged-rows-of.ts';
import type { LoadedHoldout } from '../evaluation/load-holdout.ts';
import { measureMetrics } from '../evaluation/measure-metric.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import { takeTruth } from '../evaluation/take-truth.ts';
import { take } from '../statistics/take.ts';
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
  const known = new Map<Uint32Array, Part>();
  const partOf = (part: Uint32Array): Part => {
    const found = known.get(part) ?? { truth: takeTruth(sampled, part), places: placesIn(part, rows.length) };
    known.set(part, found);
    return found;
  };
  return {
    name,
    direction: metricFacts(name).direction,
    measure(parts, answers) {
      const width = answers.length / rows.length;
      const columns = toColumns({ values: answers, rows: rows.length, width, seconds: 0 });
      const whole = judgedRowsOf(policy, sampled, columns);
      return parts.map((part) => {
        const { truth, places } = partOf(part);
        const own = judgedRowsOf(
          policy,
          truth,
          columns.map((column) => take(column, part)),
        );
        // Sorted once for all parts.
        if ('order' in own && 'order' in whole) own.order = () => orderWithin(whole.order(), places, part.length);
        const [found] = measureMetrics([name], own, { resamples: 0 });
        return found?.value ?? Number.NaN;
      });
    },
  };
}

type Part = {
  truth: Truth;
  /** Of every row of the sample its place in the part, counted from 1; 0 for those that are not in it. */
  places: Uint32Array;
};

function placesIn(part: Uint32Array, rows: number): Uint32Array {
  const places = new Uint32Array(rows);
  part.forEach((row, at) => {
    places[row] = at + 1;
  });
  return places;
}

/** The order of a part out of the order of all rows. */
function orderWithin(order: Uint32Array, places: Uint32Array, count: number): Uint32Array {
  const within = new Uint32Array(count);
  let filled = 0;
  for (let at = 0; at < order.length; at += 1) {
    const place = places[order[at] ?? 0] ?? 0;
    if (place === 0) continue;
    within[filled] = place - 1;
    filled += 1;
  }
  return within;
}
