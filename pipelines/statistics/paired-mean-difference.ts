import { differences, mean, variance } from './moments.ts';
import { twoSidedP } from './two-sided-p.ts';

/** Mean of head - base over per-row losses, with its standard error and a two-sided p (central limit theorem). */
export function pairedMeanDifference(
  base: Float64Array,
  head: Float64Array,
): { value: number; standardError: number; p: number } {
  const perRow = differences(head, base);
  const value = mean(perRow);
  const standardError = Math.sqrt(variance(perRow) / perRow.length);
  return { value, standardError, p: twoSidedP(value, standardError) };
}
