import { gapRates, rateGap } from '../comparison/rate-gap.ts';
import type { FairnessChange } from '../contracts/comparison.ts';
import type { Judged } from './judged.ts';
import { printNumber } from './print-number.ts';

/**
 * A ceiling on the largest difference of a rate between groups, judged by the value itself. Groups whose rate is taken
 * over fewer than `minGroup` rows are named and not judged; with fewer than two others there is nothing to tell.
 */
export function judgeFairness(change: FairnessChange, limit: { max: number; minGroup: number }): Judged {
  const { title } = gapRates[change.gap];
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
