import { RESAMPLES, SEED } from '../evaluation/estimate.ts';

export type CompareOptions = {
  seed: number;
  resamples: number;
  /** Ends of bootstrap intervals: percentiles, or bias-corrected and accelerated. */
  interval: 'percentile' | 'bca';
  /** Rows that belong together, by a number of 0 to `count` - 1 per row; null when every row stands for itself. */
  cluster: { by: string; of: Uint32Array; count: number } | null;
};

export const defaultOptions: CompareOptions = { seed: SEED, resamples: RESAMPLES, interval: 'bca', cluster: null };
