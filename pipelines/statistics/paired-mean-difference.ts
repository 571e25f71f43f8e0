import { differences, mean, variance } from './moments.ts';
import { studentSurvival } from './student-t.ts';

/**
 * The paired t test: mean of head - base over per-row values with its standard error, t, and a two-sided p of Student's
 * distribution with n - 1 degrees of freedom. Differences that are all 0: t = 0, p = 1; that are all the same: p = 0.
 */
export function pairedMeanDifference(
  base: Float64Array,
  head: Float64Array,
): { value: number; standardError: number; t: number; degreesOfFreedom: number; p: number } {
  const perRow = differences(head, base);
  const value = mean(perRow);
  const degreesOfFreedom = perRow.length - 1;
  const standardError = Math.sqrt(variance(perRow) / perRow.length);
  const t = value === 0 ? 0 : value / standardError;
  return {
    value,
    standardError,
    t,
    degreesOfFreedom,
    p: Math.min(1, 2 * studentSurvival(Math.abs(t), degreesOfFreedom)),
  };
}
