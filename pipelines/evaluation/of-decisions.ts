import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { drawsOf, type Estimate, fromShare, LEVEL, type Range, SEED, within } from './estimate.ts';

/** A metric of counts of decisions: any function of them, or a plain share of rows. `reason` says when it is undefined. */
export type OfDecisions<Summary> = { range: Range; reason: string } & (
  | { of(summary: Summary): number; proportion?: never }
  | { proportion(summary: Summary): readonly [hits: number, of: number]; of?: never }
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
  return metrics.map(({ of, proportion, range, reason }) => {
    if (proportion !== undefined) {
      const [hits, rows] = proportion(summary);
      return { ...fromShare(hits, rows), reason };
    }
    const value = of(summary);
    const interval = bootstrapInterval(value, replicates[drawn.indexOf(of)] ?? new Float64Array(), { level: LEVEL });
    return { value, interval: within(interval, range), method: `bootstrap of counts, ${draws} draws`, reason };
  });
}
