import type { Interval } from '../contracts/common.ts';
import type { Linearised } from '../statistics/average-precision.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';

/** Coverage of every interval that is printed. */
export const LEVEL = 0.95;
/** Draws of every bootstrap. */
export const RESAMPLES = 2000;
/** Seed of every bootstrap of an evaluation and a comparison. */
export const SEED = 1;

/** A value with its interval and how that was made; undefined values are NaN, and `reason` says why. */
export type Estimate = {
  value: number;
  interval: Interval | null;
  method?: string;
  /** What the value is taken over, when that is not all rows. */
  n?: number;
  reason?: string;
};

export type Range = { low?: number; high?: number };

export function undefinedEstimate(reason: string): Estimate {
  return { value: Number.NaN, interval: null, reason };
}

/** Mean of a loss per row, by the central limit theorem. */
export function fromLosses(losses: Float64Array, { low = 0, high = Number.POSITIVE_INFINITY }: Range = {}): Estimate {
  const value = mean(losses);
  if (losses.length < 2) return { value, interval: null };
  const standardError = Math.sqrt(variance(losses) / losses.length);
  return {
    value,
    interval: normalWithin(value, standardError, { low, high }),
    method: 'normal, standard error of a mean',
  };
}

/** A smooth statistic, by how much each row pulls it. */
export function fromInfluence({ value, influence }: Linearised, range: Range = {}): Estimate {
  if (influence.length < 2) return { value, interval: null };
  const standardError = Math.sqrt(variance(influence) / influence.length);
  return { value, interval: normalWithin(value, standardError, range), method: 'normal, linearised' };
}

/** Null where no row differs from another, which says nothing of how the next one would. */
function normalWithin(value: number, standardError: number, range: Range): Interval | null {
  return standardError === 0 ? null : within(normalInterval(value, standardError, LEVEL), range);
}

/** A share of rows, by Wilson's score interval. */
export function fromShare(hits: number, of: number): Estimate {
  return { value: hits / of, interval: wilsonInterval(hits, of, LEVEL), method: 'Wilson', n: of };
}

/**
 * A statistic of counts, by a bootstrap that redraws the counts: its cost grows with the cells and not with the rows. Of
 * many cells fewer draws are made, never under 400.
 */
export function fromCounts(
  counts: Float64Array,
  statistic: (counts: Float64Array) => number,
  { reflected = false, resamples = RESAMPLES, ...range }: Range & { reflected?: boolean; resamples?: number } = {},
): Estimate {
  const value = statistic(counts);
  if (Number.isNaN(value)) return { value, interval: null };
  const draws = drawsOf(counts.length, resamples);
  const [replicates = new Float64Array()] = bootstrapCells([counts], ([drawn = counts]) => [statistic(drawn)], {
    resamples: draws,
    random: seededRandom(SEED),
  });
  const interval = drawnInterval(value, replicates, reflected);
  return { value, interval: within(interval, range), method: `bootstrap of counts, ${draws} draws` };
}

/** Null when every draw gives the same: counts of one kind only can be drawn no other way, and say nothing of how sure that is. */
export function drawnInterval(value: number, replicates: Float64Array, reflected = false): Interval | null {
  const found = bootstrapInterval(value, replicates, { level: LEVEL, reflected });
  return found === null || found.high - found.low < 1e-12 ? null : found;
}

/** Of many cells fewer draws are made, but never under 400 of those that were asked for. */
export function drawsOf(cells: number, resamples: number): number {
  return Math.max(Math.min(400, resamples), Math.min(resamples, Math.floor(2e6 / cells)));
}

/**
 * An interval held inside the range of its metric; null when the estimate itself is undefined, or the interval reaches
 * beyond what a number can hold.
 */
export function within(
  interval: Interval | null,
  { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: Range,
): Interval | null {
  if (interval === null) return null;
  const hold = (value: number) => Math.min(high, Math.max(low, value));
  const held = { low: hold(interval.low), high: hold(interval.high), level: interval.level };
  return Number.isFinite(held.low) && Number.isFinite(held.high) ? held : null;
}
