import type {
  Disparity,
  FairnessEnd,
  FairnessGroup,
  FairnessMeasure,
  FairnessMeasures,
} from '../contracts/fairness.ts';
import { type Ended, moverDifference, moverRatio } from '../statistics/mover.ts';
import { gapEnds, type Ranges } from './gap-ends.ts';
import { measureTraits } from './measure-traits.ts';
import { type GroupValue, type Spread, spreadOf } from './spread.ts';

/** The groups with at least `minGroup` rows to divide by, the smaller ones, and those with none. */
export function splitBySize(
  groups: readonly FairnessGroup[],
  measure: FairnessMeasure,
  minGroup: number,
): { judged: FairnessGroup[]; tooSmall: FairnessGroup[]; without: FairnessGroup[] } {
  const split: ReturnType<typeof splitBySize> = { judged: [], tooSmall: [], without: [] };
  for (const group of groups) {
    const found = group.measures[measure];
    const place = found?.value == null ? 'without' : found.n < minGroup ? 'tooSmall' : 'judged';
    split[place].push(group);
  }
  return split;
}

/** How far the groups lie apart in one measure; `ranges` hold what bootstrap draws made of the judged ones. */
export function measureDisparity(
  measure: FairnessMeasure,
  groups: readonly FairnessGroup[],
  overall: FairnessMeasures,
  { minGroup, level, ranges }: { minGroup: number; level: number; ranges: Ranges },
): Omit<Disparity, 'chance'> {
  const { judged, tooSmall, without } = splitBySize(groups, measure, minGroup);
  const hasRatio = measureTraits[measure].ratio;
  const whole = overall[measure]?.value ?? null;
  const found = spreadOf(valuesOf(judged, measure, 'value'), whole, hasRatio);
  const before = ranges.get(measure)?.base == null ? null : spreadOf(valuesOf(judged, measure, 'base'), null, hasRatio);
  const { difference, ratio, change } = gapEnds([measure], found, before, reachOf(found, judged, measure), {
    ranges,
    level,
  });
  const namesOf = (those: readonly FairnessGroup[]) => those.map(({ group }) => group);
  return {
    measure,
    groups: judged.length,
    lowest: found.lowest,
    highest: found.highest,
    difference,
    ratio,
    toOverall: found.toOverall,
    everyGroup: spreadOf(valuesOf(groups, measure, 'value'), whole, hasRatio),
    ...(before === null || change === null
      ? {}
      : { base: { difference: before.difference, ratio: before.ratio }, change }),
    tooSmall: namesOf(tooSmall),
    undefined: namesOf(without),
  };
}

/** Ends of the difference and the ratio of the two groups that lie farthest apart, taken by themselves. */
function reachOf({ lowest, highest }: Spread, groups: readonly FairnessGroup[], measure: FairnessMeasure) {
  const ended = (end: FairnessEnd | null): Ended | null => {
    const { low = null, high = null } = groups.find(({ group }) => group === end?.group)?.measures[measure] ?? {};
    return end === null || low === null || high === null ? null : { value: end.value, low, high };
  };
  const [least, most] = [ended(lowest), ended(highest)];
  if (least === null || most === null) return { difference: null, ratio: null };
  const traits = measureTraits[measure];
  const ratio = traits.ratio && most.value > 0 ? moverRatio(least, most) : null;
  return { difference: moverDifference(most, least), ratio };
}

function valuesOf(groups: readonly FairnessGroup[], measure: FairnessMeasure, side: 'value' | 'base'): GroupValue[] {
  return groups.flatMap(({ group, measures }) => {
    const value = measures[measure]?.[side] ?? null;
    return value === null ? [] : [{ group, value }];
  });
}
