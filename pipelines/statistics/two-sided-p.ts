import { normalSurvival } from './normal-survival.ts';

/** Two-sided p-value of a difference and its standard error; 1 when neither differs from 0 (0/0), as for equal curves. */
export function twoSidedP(difference: number, standardError: number): number {
  if (difference === 0) return 1;
  return Math.min(1, 2 * normalSurvival(Math.abs(difference) / standardError));
}
