import type { Gate } from '../config/gate-schema.ts';
import type { Comparison, Delta, FairnessChange, GapName } from '../contracts/comparison.ts';
import { gapNameSchema } from '../contracts/comparison.ts';
import type { Bounded, FairnessAttribute, FairnessMeasure } from '../contracts/fairness.ts';
import { type JudgedGroups, judgeGroups } from '../fairness/judge-groups.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { gapMeasures } from './rate-gap.ts';

/** Rows to divide by, where no gate says how many there must be. */
const MIN_GROUP = 100;
/** Gaps that are told of every protected column; others when a gate asks for them. */
const always: readonly GapName[] = ['tpr_gap', 'fpr_gap', 'selection_gap'];

/**
 * How both models treat the groups of the protected columns, on the same rows: every rate of every group, and the gaps
 * between them. Where no gate says how large a group must be for a rate, the strictest other gate of its column does.
 */
export function compareFairness(
  subject: JudgedGroups,
  gates: readonly Gate[],
  settings: { resamples: number; seed: number },
): Required<Pick<Comparison, 'fairness' | 'groupFairness'>> {
  const asked = gates.flatMap((gate) => ('fairness' in gate ? [gate] : []));
  const strictestOf = (by: string) => {
    const own = asked.filter((gate) => gate.by === by).map((gate) => gate.min_group);
    return own.length === 0 ? MIN_GROUP : Math.max(...own);
  };
  const minGroupOf = (by: string, measure: FairnessMeasure) =>
    asked.find((gate) => gate.by === by && measuresOf(gate.fairness).includes(measure))?.min_group ?? strictestOf(by);
  const minGroup = subject.by.length === 0 ? MIN_GROUP : Math.max(...subject.by.map(strictestOf));
  const groupFairness = judgeGroups(subject, { minGroup, minGroupOf, ...settings });
  const fairness = groupFairness.attributes.flatMap((attribute) =>
    gapNameSchema.options
      .filter((gap) => always.includes(gap) || asked.some((gate) => gate.by === attribute.by && gate.fairness === gap))
      .map((gap) => changeOf(gap, attribute, settings.resamples)),
  );
  return { fairness, groupFairness };
}

function measuresOf(asked: GapName | 'selection_ratio'): readonly FairnessMeasure[] {
  return asked === 'selection_ratio' ? ['selection_rate'] : gapMeasures[asked].measures;
}

function changeOf(gap: GapName, attribute: FairnessAttribute, resamples: number): FairnessChange {
  const found = findGap(gap, attribute);
  const { measure, difference, base, change, lowest, highest } = found;
  const { tooSmall = [], undefined: without = [] } =
    attribute.disparities.find((disparity) => disparity.measure === measure) ?? {};
  return {
    by: attribute.by,
    gap,
    base,
    head: difference.value,
    headLow: difference.low,
    headHigh: difference.high,
    delta: deltaOf(change, `paired bootstrap of cells, ${resamples} draws`),
    lowest: lowest?.group ?? null,
    highest: highest?.group ?? null,
    groups: attribute.groups.map(({ group, n, measures }) => {
      const { value = null, base: before = null, n: denominator = 0 } = measures[measure] ?? {};
      return { group, n, denominator, base: before, head: value };
    }),
    tooSmall: [...tooSmall, ...without],
  };
}

type Gap = {
  measure: FairnessMeasure;
  difference: Bounded;
  base: number | null;
  change: Bounded | null;
  lowest: { group: string } | null;
  highest: { group: string } | null;
};

/** Of several measures those groups are told that lie farthest apart. */
function findGap(gap: GapName, { disparities, criteria }: FairnessAttribute): Gap {
  const { measures } = gapMeasures[gap];
  const [first = 'tpr'] = measures;
  const found =
    measures.length > 1
      ? criteria.find(({ name }) => name === gap)
      : disparities.find(({ measure }) => measure === first);
  const nothing = { value: null, low: null, high: null };
  return {
    measure: found?.measure ?? first,
    difference: found?.difference ?? nothing,
    base: found?.base?.difference ?? null,
    change: found?.change?.difference ?? null,
    lowest: found?.lowest ?? null,
    highest: found?.highest ?? null,
  };
}

function deltaOf(change: Bounded | null, method: string): Delta | null {
  if (change === null || change.value === null || change.low === null || change.high === null) return null;
  const { value, low, high } = change;
  const standardError = (high - low) / (2 * normalQuantile(0.5 + LEVEL / 2));
  return { value, low, high, level: LEVEL, method, p: null, standardError };
}

const LEVEL = 0.95;
