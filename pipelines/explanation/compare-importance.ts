import type { ImportanceChange } from '../contracts/explanation.ts';
import { differences, mean } from '../statistics/moments.ts';
import { LEVEL } from './describe-importance.ts';
import { jackknifeInterval } from './jackknife-interval.ts';
import type { MeasuredImportance } from './measure-importance.ts';

/**
 * Importance in `head` less that in `base`, both measured on the same sample with the same seed, so that the difference is
 * taken block by block. Inputs that only one has come with the other's value null; largest change first.
 */
export function compareImportance(
  base: readonly MeasuredImportance[],
  head: readonly MeasuredImportance[],
): ImportanceChange[] {
  const names = new Set([...head, ...base].map(({ feature }) => feature));
  const changes = [...names].map((feature): ImportanceChange => {
    const [before, after] = [base, head].map((side) => side.find((one) => one.feature === feature));
    const [baseValue, headValue] = [before, after].map((one) => (one === undefined ? null : finite(mean(one.repeats))));
    if (before === undefined || after === undefined || baseValue == null || headValue == null) {
      return { feature, base: baseValue ?? null, head: headValue ?? null, delta: null };
    }
    const value = headValue - baseValue;
    const interval = jackknifeInterval(value, differences(after.leftOut, before.leftOut), LEVEL);
    return { feature, base: baseValue, head: headValue, delta: { value, interval } };
  });
  const size = ({ base, head }: ImportanceChange) => Math.abs((head ?? 0) - (base ?? 0));
  return changes.toSorted((left, right) => size(right) - size(left));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
