import type { Bounded, FairnessMeasure } from '../contracts/fairness.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { differencesOf, type Range, ratiosOf } from './fold-draws.ts';
import { boundedOf, difference, nothing } from './measure-group.ts';
import { measureTraits } from './measure-traits.ts';

/** Smallest and largest of the judged groups in every draw, for each model; `base` is null without one. */
export type MeasureRange = { head: Range; base: Range | null };
export type Ranges = ReadonlyMap<FairnessMeasure, MeasureRange>;

type Pair<Value> = { difference: Value; ratio: Value };
export type GapEnds = Pair<Bounded> & { change: Pair<Bounded> | null };

/** Ends that an interval must reach at least; null where nothing is known. */
type Reach = { low: number; high: number } | null;

/**
 * Intervals of the largest difference and the smallest ratio over several measures at once, and of their change from base.
 * What is largest of many is pushed up by noise, so its draws do not centre on it and are reflected, ratios on the scale of
 * logarithms. Near 0 that leaves too little: there the interval must also hold that of the two groups themselves, `reach`.
 */
export function gapEnds(
  measures: readonly FairnessMeasure[],
  head: Pair<number | null>,
  base: Pair<number | null> | null,
  reach: Pair<Reach>,
  { ranges, level }: { ranges: Ranges; level: number },
): GapEnds {
  const of = (side: 'head' | 'base', gap: (range: Range) => Float64Array, widest: (...values: number[]) => number) =>
    fold(
      measures.flatMap((measure) => {
        const range = ranges.get(measure)?.[side];
        return range == null ? [] : [gap(range)];
      }),
      widest,
    );
  const differences = of('head', differencesOf, Math.max);
  const ratios = of('head', ratiosOf, Math.min);
  return {
    difference: differenceEnds(head.difference, differences, reach.difference, widestOf(measures), level),
    ratio: ratioEnds(head.ratio, ratios, reach.ratio, level),
    change:
      base === null
        ? null
        : {
            difference: changeEnds(
              head.difference,
              base.difference,
              differences,
              of('base', differencesOf, Math.max),
              level,
            ),
            ratio: changeEnds(head.ratio, base.ratio, ratios, of('base', ratiosOf, Math.min), level),
          },
  };
}

/** Draw by draw; one that leaves a measure undefined (NaN) stays so. */
function fold(columns: readonly Float64Array[], widest: (...values: number[]) => number): Float64Array {
  const [first = new Float64Array(), ...others] = columns;
  return others.reduce((folded, column) => folded.map((value, round) => widest(value, column[round] ?? value)), first);
}

function differenceEnds(
  value: number | null,
  draws: Float64Array,
  reach: Reach,
  widest: number,
  level: number,
): Bounded {
  if (value === null) return nothing;
  const ends = joined(bootstrapInterval(value, draws, { level, reflected: true }), reach);
  return boundedOf(value, ends === null ? null : { low: ends.low, high: Math.min(widest, ends.high) });
}

/** The largest difference that there can be: 1 between shares. */
function widestOf(measures: readonly FairnessMeasure[]): number {
  return Math.max(...measures.map((measure) => measureTraits[measure].high - measureTraits[measure].low));
}

/** A ratio of 0 has no logarithm and keeps the percentiles of its draws. */
function ratioEnds(value: number | null, draws: Float64Array, reach: Reach, level: number): Bounded {
  if (value === null) return nothing;
  if (value === 0) return boundedOf(value, joined(bootstrapInterval(value, draws, { level }), reach));
  const logs = draws.map((draw) => Math.log(Math.max(draw, 1e-12)));
  const found = bootstrapInterval(Math.log(value), logs, { level, reflected: true });
  const interval = found === null ? null : { low: Math.exp(found.low), high: Math.exp(found.high) };
  const ends = joined(interval, reach);
  return boundedOf(value, ends === null ? null : { low: ends.low, high: Math.min(1, ends.high) });
}

/** Neither a difference nor a ratio of sizes lies under 0. */
function joined(left: Reach, right: Reach): Reach {
  if (left === null && right === null) return null;
  return {
    low: Math.max(0, Math.min(left?.low ?? Number.POSITIVE_INFINITY, right?.low ?? Number.POSITIVE_INFINITY)),
    high: Math.max(0, left?.high ?? 0, right?.high ?? 0),
  };
}

function changeEnds(
  after: number | null,
  before: number | null,
  head: Float64Array,
  base: Float64Array,
  level: number,
): Bounded {
  if (after === null || before === null) return nothing;
  const change = after - before;
  return boundedOf(change, bootstrapInterval(change, difference(head, base), { level, reflected: true }));
}
