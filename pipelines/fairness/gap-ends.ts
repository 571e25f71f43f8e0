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

/** What is known of an interval without any draw; null where nothing is. */
type Reach = { low: number; high: number } | null;
export type GapReach = { difference: Reach; ratio: Reach; change: Reach };

/**
 * Intervals of the largest difference and the smallest ratio over several measures at once, and of their change from base.
 * What is largest of many is pushed up by noise, so its draws do not centre on it and are reflected, ratios on the scale of
 * logarithms. Draws alone say too little where groups are alike: towards equality the end is that of `reach`, which holds
 * for all pairs of groups at once; away from it the farther end is taken.
 */
export function gapEnds(
  measures: readonly FairnessMeasure[],
  head: Pair<number | null>,
  base: Pair<number | null> | null,
  reach: GapReach,
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
              reach.change,
              level,
            ),
            ratio: changeEnds(head.ratio, base.ratio, ratios, of('base', ratiosOf, Math.min), null, level),
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
  const drawn = bootstrapInterval(value, draws, { level, reflected: true }) ?? reach;
  if (drawn === null) return boundedOf(value, null);
  const { low } = reach ?? drawn;
  return boundedOf(value, {
    low: Math.max(0, low),
    high: Math.min(widest, Math.max(drawn.high, reach?.high ?? drawn.high)),
  });
}

/** The largest difference that there can be: 1 between shares. */
function widestOf(measures: readonly FairnessMeasure[]): number {
  return Math.max(...measures.map((measure) => measureTraits[measure].high - measureTraits[measure].low));
}

/** A ratio of 0 has no logarithm and keeps the percentiles of its draws. */
function ratioEnds(value: number | null, draws: Float64Array, reach: Reach, level: number): Bounded {
  if (value === null) return nothing;
  const drawn =
    (value === 0 ? bootstrapInterval(value, draws, { level }) : reflectedRatio(value, draws, level)) ?? reach;
  if (drawn === null) return boundedOf(value, null);
  const { high } = reach ?? drawn;
  return boundedOf(value, { low: Math.max(0, Math.min(drawn.low, reach?.low ?? drawn.low)), high: Math.min(1, high) });
}

function reflectedRatio(value: number, draws: Float64Array, level: number): Reach {
  const logs = draws.map((draw) => Math.log(Math.max(draw, 1e-12)));
  const found = bootstrapInterval(Math.log(value), logs, { level, reflected: true });
  return found === null ? null : { low: Math.exp(found.low), high: Math.exp(found.high) };
}

function changeEnds(
  after: number | null,
  before: number | null,
  head: Float64Array,
  base: Float64Array,
  reach: Reach,
  level: number,
): Bounded {
  if (after === null || before === null) return nothing;
  const change = after - before;
  const drawn = bootstrapInterval(change, difference(head, base), { level, reflected: true });
  if (drawn === null) return boundedOf(change, reach);
  return boundedOf(change, {
    low: Math.min(drawn.low, reach?.low ?? drawn.low),
    high: Math.max(drawn.high, reach?.high ?? drawn.high),
  });
}
