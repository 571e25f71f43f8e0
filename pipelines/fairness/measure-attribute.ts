import {
  type Disparity,
  type FairnessAttribute,
  type FairnessGroup,
  type FairnessMeasure,
  type FairnessMeasures,
  fairnessMeasureSchema,
} from '../contracts/fairness.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { normalRangeQuantile } from '../statistics/normal-range-quantile.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { chanceDifference } from './chance-difference.ts';
import { drawGroup } from './draw-group.ts';
import { emptyRange, foldDraws } from './fold-draws.ts';
import { measureFourFifths } from './four-fifths.ts';
import type { MeasureRange } from './gap-ends.ts';
import type { GroupFacts } from './group-facts.ts';
import { judgeCriteria } from './judge-criteria.ts';
import { measureDisparity, splitBySize } from './measure-disparity.ts';
import { measureGroup } from './measure-group.ts';
import { testGroups } from './test-groups.ts';

/** What one column, or several together, split the rows into. */
export type AttributeFacts = { by: string; columns: string[]; groups: readonly GroupFacts[] };

export type FairnessPlan = {
  /** Whether facts hold a base. */
  paired: boolean;
  level: number;
  resamples: number;
  minGroup: number;
  /** The same for one measure. */
  minGroupOf(measure: FairnessMeasure): number;
  favourable: 'selected' | 'not selected' | null;
  /** Name of the group that all others are held against; null for all other rows. */
  reference: string | null;
  /** Measures that every group is tested for. */
  questions: readonly FairnessMeasure[];
  /** The only measures that mean something here; null when all do. */
  only: readonly FairnessMeasure[] | null;
};

/** All rows together, by the same rules as a group. */
export function measureOverall(facts: GroupFacts, plan: FairnessPlan, random: Random): FairnessMeasures {
  return measureGroup(facts, drawGroup(facts, { ...plan, random }), plan);
}

/**
 * Rates of every group of one attribute and how far they lie apart. Groups are drawn one after the other and only the
 * extremes of every draw are kept, so memory grows with the draws and not with the groups.
 */
export function measureAttribute(
  { by, columns, groups: facts }: AttributeFacts,
  overall: FairnessMeasures,
  plan: FairnessPlan,
  random: Random,
): FairnessAttribute {
  const rows = facts.reduce((sum, { n }) => sum + n, 0);
  const ranges = new Map<FairnessMeasure, MeasureRange>();
  const groups = facts.map((one): FairnessGroup => {
    const draws = drawGroup(one, { ...plan, random });
    const { group, values, n, leftOut } = one;
    const measured = {
      group,
      values,
      n,
      share: rows === 0 ? 0 : n / rows,
      leftOut,
      measures: measureGroup(one, draws, plan),
    };
    for (const [measure, { head, base }] of draws) {
      if (splitBySize([measured], measure, plan.minGroupOf(measure)).judged.length === 0) continue;
      const range = ranges.get(measure) ?? {
        head: emptyRange(plan.resamples),
        base: base === null ? null : emptyRange(plan.resamples),
      };
      ranges.set(measure, range);
      foldDraws(range.head, head);
      if (range.base !== null && base !== null) foldDraws(range.base, base);
    }
    return measured;
  });
  const context = { ...plan, ranges, stretchOf: stretcher(plan.level) };
  const measures = measuresOf(overall);
  const disparities = measures.map((measure): Disparity => {
    const found = measureDisparity(measure, groups, overall, context);
    const judged = new Set(splitBySize(groups, measure, plan.minGroupOf(measure)).judged.map(({ group }) => group));
    const those = facts.filter(({ group }) => judged.has(group));
    return { ...found, chance: chanceDifference(measure, those, found.difference.value, { ...plan, random }) };
  });
  return {
    by,
    columns,
    groups,
    disparities,
    criteria: judgeCriteria(disparities, context),
    fourFifths: 'selection_rate' in overall ? measureFourFifths(groups, facts, plan.favourable) : null,
    tests: plan.questions.flatMap((measure) => {
      const isHere = facts.some(({ group }) => group === plan.reference);
      return testGroups(measure, facts, { reference: isHere ? plan.reference : null, level: plan.level }) ?? [];
    }),
    small: groups.filter(({ n }) => n < plan.minGroup).map(({ group }) => group),
  };
}

/** Tukey's widening for all pairs of so many groups, which takes milliseconds and is asked for with every measure. */
function stretcher(level: number): (groups: number) => number {
  const known = new Map<number, number>();
  return (groups) => {
    const stretch =
      known.get(groups) ?? normalRangeQuantile(groups, level) / Math.SQRT2 / normalQuantile(0.5 + level / 2);
    known.set(groups, stretch);
    return stretch;
  };
}

function measuresOf(measures: FairnessMeasures): FairnessMeasure[] {
  return Object.keys(measures).flatMap((name) => {
    const measure = fairnessMeasureSchema.safeParse(name);
    return measure.success ? [measure.data] : [];
  });
}
