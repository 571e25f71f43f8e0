import type { FairnessEnd, FairnessGroup, FairnessMeasure } from '../contracts/fairness.ts';
import { type Ended, moverDifference, moverRatio } from '../statistics/mover.ts';
import type { GapReach } from './gap-ends.ts';
import { measureTraits } from './measure-traits.ts';
import type { Spread } from './spread.ts';

/** Of so many groups at either end all pairs are looked at; leaving pairs out only makes a bound more cautious. */
const MOST_ENDS = 60;

/**
 * What the intervals of the groups alone say of their largest difference, their smallest ratio and the change of it:
 * towards equality a bound that holds for all pairs at once (Tukey 1953, with Kramer's unequal sizes), away from it the
 * interval of the pair that lies farthest apart, and for the change that of the farthest pairs of both models.
 */
export function reachOf(
  measure: FairnessMeasure,
  groups: readonly FairnessGroup[],
  found: Spread,
  before: Spread | null,
  stretchOf: (groups: number) => number,
): GapReach {
  const known = groups.flatMap((group) => endedOf(measure, group) ?? []);
  const nothing = { difference: null, ratio: null, change: null };
  if (known.length < groups.length || groups.length < 2) return nothing;
  const ends = (end: FairnessEnd | null) => known[groups.findIndex(({ group }) => group === end?.group)];
  const [least, most] = [ends(found.lowest), ends(found.highest)];
  if (least === undefined || most === undefined) return nothing;
  const widened = widen(known, measure, stretchOf(known.length));
  const pairs = widened.highest.flatMap((high) => widened.lowest.map((low) => [high, low] as const));
  const hasRatio = measureTraits[measure].ratio && most.value > 0;
  return {
    difference: {
      low: Math.max(...pairs.map(([high, low]) => moverDifference(high, low).low)),
      high: moverDifference(most, least).high,
    },
    ratio: hasRatio
      ? {
          low: moverRatio(least, most).low,
          high: Math.min(...pairs.map(([high, low]) => moverRatio(low, high).high)),
        }
      : null,
    change: before === null ? null : changeReach(measure, groups, [found, before]),
  };
}

function endedOf(measure: FairnessMeasure, { measures }: FairnessGroup): Ended | null {
  const { value = null, low = null, high = null } = measures[measure] ?? {};
  return value === null || low === null || high === null ? null : { value, low, high };
}

/** Intervals stretched as far as all pairs of so many groups ask, and of them the groups that may be farthest apart. */
function widen(
  known: readonly Ended[],
  measure: FairnessMeasure,
  stretch: number,
): { lowest: Ended[]; highest: Ended[] } {
  const traits = measureTraits[measure];
  const wide = known.map(({ value, low, high }) => ({
    value,
    low: Math.max(traits.low, value - stretch * (value - low)),
    high: Math.min(traits.high, value + stretch * (high - value)),
  }));
  return {
    lowest: wide.toSorted((left, right) => left.high - right.high).slice(0, MOST_ENDS),
    highest: wide.toSorted((left, right) => right.low - left.low).slice(0, MOST_ENDS),
  };
}

/** Hull of how the difference changed between the two groups farthest apart now, and between those farthest apart before. */
function changeReach(
  measure: FairnessMeasure,
  groups: readonly FairnessGroup[],
  spreads: readonly Spread[],
): GapReach['change'] {
  const changeOf = (end: FairnessEnd | null): Ended | null => {
    const {
      value = null,
      low = null,
      high = null,
    } = groups.find(({ group }) => group === end?.group)?.measures[measure]?.change ?? {};
    return value === null || low === null || high === null ? null : { value, low, high };
  };
  const intervals = spreads.flatMap(({ lowest, highest }) => {
    const [least, most] = [changeOf(lowest), changeOf(highest)];
    return least === null || most === null ? [] : [moverDifference(most, least)];
  });
  if (intervals.length < spreads.length) return null;
  return {
    low: Math.min(...intervals.map(({ low }) => low)),
    high: Math.max(...intervals.map(({ high }) => high)),
  };
}
