import type { Disparity, FairnessGroup, FairnessMeasure, FairnessMeasures } from '../contracts/fairness.ts';
import { gapEnds, type Ranges } from './gap-ends.ts';
import { measureTraits } from './measure-traits.ts';
import { reachOf } from './reach-of.ts';
import { type GroupValue, spreadOf } from './spread.ts';

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

type DisparityContext = {
  minGroupOf(measure: FairnessMeasure): number;
  level: number;
  ranges: Ranges;
  /** How much wider an interval of one group must be to hold for all pairs of so many. */
  stretchOf(groups: number): number;
};

/** How far the groups lie apart in one measure; `ranges` hold what bootstrap draws made of the judged ones. */
export function measureDisparity(
  measure: FairnessMeasure,
  groups: readonly FairnessGroup[],
  overall: FairnessMeasures,
  { minGroupOf, level, ranges, stretchOf }: DisparityContext,
): Omit<Disparity, 'chance'> {
  const { judged, tooSmall, without } = splitBySize(groups, measure, minGroupOf(measure));
  const hasRatio = measureTraits[measure].ratio;
  const whole = overall[measure]?.value ?? null;
  const found = spreadOf(valuesOf(judged, measure, 'value'), whole, hasRatio);
  const before = ranges.get(measure)?.base == null ? null : spreadOf(valuesOf(judged, measure, 'base'), null, hasRatio);
  const { difference, ratio, change } = gapEnds(
    [measure],
    found,
    before,
    reachOf(measure, judged, found, before, stretchOf),
    {
      ranges,
      level,
    },
  );
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

function valuesOf(groups: readonly FairnessGroup[], measure: FairnessMeasure, side: 'value' | 'base'): GroupValue[] {
  return groups.flatMap(({ group, measures }) => {
    const value = measures[measure]?.[side] ?? null;
    return value === null ? [] : [{ group, value }];
  });
}
