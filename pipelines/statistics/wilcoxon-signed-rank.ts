import { differences } from './moments.ts';
import { normalSurvival } from './normal-survival.ts';
import { sortOrder } from './sort-order.ts';

/** Up to here, and without ties, p is exact. */
const EXACT = 50;

/**
 * Wilcoxon's signed-rank test of paired values (1945): the smaller of the rank sums of positive and negative differences,
 * equal pairs left out, ties with their mean rank; two-sided p, exact for at most 50 differing pairs without ties or equal
 * pairs, else normal with the variance corrected for ties and without a continuity correction, as SciPy's `wilcoxon` has
 * it. Nothing differs: p = 1.
 */
export function wilcoxonSignedRank(base: Float64Array, head: Float64Array): { statistic: number; p: number } {
  const all = differences(head, base);
  const own = all.filter((value) => value !== 0);
  const n = own.length;
  if (n === 0) return { statistic: 0, p: 1 };
  const { positive, ties } = rankSums(own);
  const total = (n * (n + 1)) / 2;
  const statistic = Math.min(positive, total - positive);
  if (n <= EXACT && ties === 0 && n === all.length) return { statistic, p: exact(statistic, n) };
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  return { statistic, p: Math.min(1, 2 * normalSurvival((total / 2 - statistic) / Math.sqrt(variance))) };
}

/** The rank sum of the positive values, and the sum of t^3 - t over groups of t equal sizes. */
function rankSums(values: Float64Array): { positive: number; ties: number } {
  const sizes = values.map(Math.abs);
  const order = sortOrder(sizes);
  let positive = 0;
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    const size = sizes[order[start] ?? 0];
    let end = start;
    let positives = 0;
    for (; end < order.length && sizes[order[end] ?? 0] === size; end += 1) {
      if ((values[order[end] ?? 0] ?? 0) > 0) positives += 1;
    }
    positive += (positives * (start + end + 1)) / 2;
    const equal = end - start;
    ties += equal ** 3 - equal;
    start = end;
  }
  return { positive, ties };
}

/** 2 P(W <= statistic), by counting the subsets of ranks 1..n with each sum. */
function exact(statistic: number, n: number): number {
  const ways = new Float64Array((n * (n + 1)) / 2 + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank += 1) {
    for (let sum = ways.length - 1; sum >= rank; sum -= 1) ways[sum] = (ways[sum] ?? 0) + (ways[sum - rank] ?? 0);
  }
  let below = 0;
  for (let sum = 0; sum <= statistic; sum += 1) below += ways[sum] ?? 0;
  return Math.min(1, (2 * below) / 2 ** n);
}
