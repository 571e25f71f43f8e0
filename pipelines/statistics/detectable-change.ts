import { normalQuantile } from './normal-quantile.ts';

/** Smallest change that a one-sided test at 5 % shows with 80 % power, for a given standard error; null without one. */
export function detectableChange(standardError: number | null): number | null {
  return standardError === null ? null : (normalQuantile(0.95) + normalQuantile(0.8)) * standardError;
}
