import { PulltrainError } from '../errors.ts';

/**
 * Jensen-Shannon distance, base 2: `sqrt(½ KL(p‖m) + ½ KL(q‖m))` with `m = (p + q) / 2`. 0 is the same distribution, 1
 * no common mass; needs no fill for empty bins. Counts need not sum to the same total; NaN when either is empty.
 * Other tools call two more quantities by this name: the natural-log distance (this times sqrt(ln 2)) and the base-2
 * divergence (this squared).
 */
export function jensenShannonDistance(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) {
    throw new PulltrainError('bins-differ', {
      what: 'two distributions can be compared over the same bins only',
      seen: `${left.length} and ${right.length} bins`,
    });
  }
  const leftTotal = sum(left);
  const rightTotal = sum(right);
  if (leftTotal === 0 || rightTotal === 0) return Number.NaN;
  let divergence = 0;
  for (const [index, count] of left.entries()) {
    const p = count / leftTotal;
    const q = (right[index] ?? 0) / rightTotal;
    const mix = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / mix)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / mix)) / 2;
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
