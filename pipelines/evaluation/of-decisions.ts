import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { drawnInterval, drawsOf, type Estimate, fromShare, type Range, SEED, within } from './estimate.ts';

/**
 * A metric of counts of decisions: any function of them, or a share of rows, or what rises with such a share (`transform`).
 * `reason` says when it is undefined.
 */
export type OfDecisions<Summary> = { range: Range; reason: string } & (
  | { of(summary: Summary): number; proportion?: never }
  | {
      proportion(summary: Summary): readonly [hits: number, of: number];
      transform?(share: number): number;
      of?: never;
    }
);

/** Counts of decisions, by cells, and what metrics are computed from. */
export type Decisions<Summary> = { counts: Float64Array; summarise(counts: Float64Array): Summary };

/**
 * All metrics of the same decisions at once: shares by Wilson's interval, the others by one bootstrap that redraws the
 * counts, so that its cost does not grow with the rows. Of many cells fewer draws are made, never under 400.
 */
export function measureDecisions<Summary>(
  metrics: readonly OfDecisions<Summary>[],
  { counts, summarise }: Decisions<Summary>,
  { resamples }: { resamples: number },
): Estimate[] {
  const summary = summarise(counts);
  const drawn = metrics.flatMap(({ of }) => (of === undefined || Number.isNaN(of(summary)) ? [] : [of]));
  const draws = drawsOf(counts.length, resamples);
  const replicates =
    drawn.length === 0
      ? []
      : bootstrapCells(
          [counts],
          ([again = counts]) => {
            const redrawn = summarise(again);
            return drawn.map((of) => of(redrawn));
          },
          { resamples: draws, random: seededRandom(SEED) },
        );
  return metrics.map((metric) => {
    const { of, range, reason } = metric;
    if (of === undefined) {
      const [hits, rows] = metric.proportion(summary);
      return { ...transformed(fromShare(hits, rows), metric.transform), reason };
    }
    const value = of(summary);
    const interval = drawnInterval(value, replicates[drawn.indexOf(of)] ?? new Float64Array());
    return { value, interval: within(interval, range), method: `bootstrap of counts, ${draws} draws`, reason };
  });
}

function transformed(estimate: Estimate, transform: ((share: number) => number) | undefined): Estimate {
  if (transform === undefined) return estimate;
  const { value, interval, n: _, ...rest } = estimate;
  const ends = interval && { ...interval, low: transform(interval.low), high: transform(interval.high) };
  return { ...rest, value: transform(value), interval: ends };
}

/** The bare value of a metric; null where it is undefined. */
export function valueOfDecisions<Summary>(metric: OfDecisions<Summary>, summary: Summary): number | null {
  if (metric.of !== undefined) return finite(metric.of(summary));
  const [hits, rows] = metric.proportion(summary);
  return finite(metric.transform?.(hits / rows) ?? hits / rows);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
