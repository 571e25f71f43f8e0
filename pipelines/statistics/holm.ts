/** One p-value of several that share one chance of a wrong decision. */
type HolmStep = {
  /** max over smaller p of (k - j + 1) p, at most 1. */
  adjusted: number;
  /** What `alpha` is divided by for this one: its rank counted from the end, or that at which the descent stopped. */
  divisor: number;
};

/**
 * Holm's step-down correction (Holm 1979): with the p-values in ascending order, the j-th of k is multiplied by k - j + 1.
 * An adjusted p below `alpha` is the same as a p below `alpha / divisor`. The answer is in the order of the question.
 */
export function holm(ps: readonly number[], alpha: number): HolmStep[] {
  const order = [...ps.keys()].sort((left, right) => (ps[left] ?? 0) - (ps[right] ?? 0));
  const steps: HolmStep[] = ps.map(() => ({ adjusted: 1, divisor: ps.length }));
  let largest = 0;
  let stopped: number | null = null;
  order.forEach((at, rank) => {
    const left = ps.length - rank;
    largest = Math.max(largest, Math.min(1, left * (ps[at] ?? 1)));
    if (stopped === null && largest >= alpha) stopped = left;
    steps[at] = { adjusted: largest, divisor: stopped ?? left };
  });
  return steps;
}
