import type { AucComponents } from './delong-components.ts';
import { delongStandardError } from './delong-standard-error.ts';
import { differences } from './moments.ts';
import { twoSidedP } from './two-sided-p.ts';

/**
 * Paired difference of two areas on the same rows. The variance of the difference of components is
 * v_head + v_base - 2 cov, computed directly so that equal curves give exactly 0 (and p = 1, as pROC defines it).
 */
export function delongDifference(
  base: AucComponents,
  head: AucComponents,
): { value: number; standardError: number; p: number } {
  const value = head.auc - base.auc;
  const standardError = delongStandardError({
    auc: value,
    positives: differences(head.positives, base.positives),
    negatives: differences(head.negatives, base.negatives),
  });
  return { value, standardError, p: twoSidedP(value, standardError) };
}
