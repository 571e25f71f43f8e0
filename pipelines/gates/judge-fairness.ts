import { gapMeasures, rateGap } from '../comparison/rate-gap.ts';
import type { Gate } from '../config/gate-schema.ts';
import type { Comparison, FairnessChange } from '../contracts/comparison.ts';
import { detectableChange } from '../statistics/detectable-change.ts';
import { claimChange } from './claim-change.ts';
import { type Finding, type Judged, unmeasured } from './judged.ts';
import { printNumber } from './print-number.ts';

export type FairnessGate = Extract<Gate, { fairness: string }>;
type RatioGate = Extract<Gate, { fairness: 'selection_ratio' }>;

/**
 * A ceiling on the largest difference of a rate between groups, judged by the value itself; or a margin by which it may be
 * wider than that of the base, judged by the interval. Groups whose rate is taken over fewer than `min_group` rows are
 * named and not judged; with fewer than two others there is nothing to tell.
 */
export function judgeFairness(gate: FairnessGate, comparison: Comparison): Finding {
  if (gate.fairness === 'selection_ratio') return { judged: judgeRatio(gate, comparison) };
  const change = comparison.fairness.find(({ by, gap }) => by === gate.by && gap === gate.fairness);
  const limit = 'max' in gate ? gate.max : gate.noninferior;
  if (change === undefined) {
    return { judged: unmeasured('error', `${gate.fairness} is not measured: ${gate.by} is not protected`, limit) };
  }
  if ('max' in gate) return { judged: judgeGap(change, { max: gate.max, minGroup: gate.min_group }) };
  const { base, head, delta, groups, tooSmall } = change;
  if (head === null) return { judged: judgeGap(change, { max: 1, minGroup: gate.min_group }) };
  const judgedRows = groups.filter(({ group }) => !tooSmall.includes(group)).map(({ denominator }) => denominator);
  return claimChange(
    {
      name: gapMeasures[gate.fairness].title,
      direction: 'lower',
      base,
      head,
      delta,
      detectable: detectableChange(delta?.standardError ?? null),
      n: Math.min(...judgedRows),
    },
    gate,
    comparison,
  );
}

/** A floor under the smallest selection rate over the largest, judged by the value itself. */
function judgeRatio({ by, min }: RatioGate, { groupFairness }: Comparison): Judged {
  const attribute = groupFairness?.attributes.find((one) => one.by === by);
  const found = attribute?.disparities.find(({ measure }) => measure === 'selection_rate');
  if (attribute === undefined || found === undefined) {
    return unmeasured('error', `selection_ratio is not measured: ${by} is not protected`, min);
  }
  const { ratio, lowest, highest, tooSmall } = found;
  const omitted = tooSmall.length === 0 ? '' : `; too small to judge: ${tooSmall.join(', ')}`;
  const judged = { observed: ratio.value, limit: min, low: ratio.low, high: ratio.high };
  if (ratio.value === null || lowest === null || highest === null) {
    const message = `fewer than two groups of ${by} have a selection rate to compare${omitted}`;
    return { ...judged, status: 'inconclusive', n: null, message };
  }
  const sizes = attribute.groups.filter(({ group }) => !tooSmall.includes(group)).map(({ n }) => n);
  const ends = `${lowest.group} ${printNumber(lowest.value)} to ${highest.group} ${printNumber(highest.value)}`;
  return {
    ...judged,
    status: ratio.value < min ? 'fail' : 'pass',
    n: Math.min(...sizes),
    message: `ratio of selection rates is ${printNumber(ratio.value)} (${ends}), allowed at least ${printNumber(min)}${omitted}`,
  };
}

function judgeGap(change: FairnessChange, limit: { max: number; minGroup: number }): Judged {
  const { title } = gapMeasures[change.gap];
  const found = rateGap(change.groups, 'head', limit.minGroup);
  const left = change.groups.filter(({ group }) => found.tooSmall.includes(group));
  const judgedRows = change.groups.filter((group) => !left.includes(group)).map(({ denominator }) => denominator);
  const omitted =
    left.length === 0
      ? ''
      : `; too small to judge: ${left.map(({ group, denominator }) => `${group} (${denominator} of ${limit.minGroup})`).join(', ')}`;
  if (found.gap === null) {
    const message = `fewer than two groups of ${change.by} are large enough for a ${title}${omitted}`;
    return { status: 'inconclusive', observed: null, limit: limit.max, low: null, high: null, n: null, message };
  }
  const sameGroups = change.tooSmall.length === left.length;
  const rateOf = (name: string | null) => change.groups.find(({ group }) => group === name)?.head ?? Number.NaN;
  const ends = `${found.lowest} ${printNumber(rateOf(found.lowest))} to ${found.highest} ${printNumber(rateOf(found.highest))}`;
  const over = found.gap > limit.max ? `${printNumber(found.gap - limit.max)} above the allowed` : 'allowed';
  return {
    status: found.gap > limit.max ? 'fail' : 'pass',
    observed: found.gap,
    limit: limit.max,
    low: sameGroups ? change.headLow : null,
    high: sameGroups ? change.headHigh : null,
    n: Math.min(...judgedRows),
    message: `${title} differs by ${printNumber(found.gap)} (${ends}), ${over} ${printNumber(limit.max)}${omitted}`,
  };
}
