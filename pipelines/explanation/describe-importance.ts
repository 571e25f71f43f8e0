import type { Importance } from '../contracts/explanation.ts';
import { mean, variance } from '../statistics/moments.ts';
import { jackknifeInterval } from './jackknife-interval.ts';
import type { MeasuredImportance } from './measure-importance.ts';

/** Coverage of the intervals of an explanation. */
export const LEVEL = 0.95;

/** Importances with spread and interval, most important first; those whose metric is undefined are left out. */
export function describeImportance(measured: readonly MeasuredImportance[]): Importance[] {
  return measured
    .map(({ feature, repeats, leftOut }) => {
      const value = mean(repeats);
      return {
        feature,
        value,
        deviation: Math.sqrt(variance(repeats)),
        interval: jackknifeInterval(value, leftOut, LEVEL),
      };
    })
    .filter(({ value }) => Number.isFinite(value))
    .toSorted((left, right) => right.value - left.value);
}
