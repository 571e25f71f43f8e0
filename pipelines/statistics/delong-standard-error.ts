import type { AucComponents } from './delong-components.ts';
import { variance } from './moments.ts';

/** Standard error of one area: sqrt(S10/m + S01/n). */
export function delongStandardError({ positives, negatives }: AucComponents): number {
  return Math.sqrt(variance(positives) / positives.length + variance(negatives) / negatives.length);
}
