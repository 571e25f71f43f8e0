import { logGamma } from './log-gamma.ts';

/**
 * McNemar's test from its two off-diagonal counts: `onlyBase` rows that only the base got right, `onlyHead` that only
 * the head did. Under no difference the smaller one is Binomial(n, 1/2). Exact p is 2 P(X <= min), at most 1; mid-p
 * counts the observed value half (statsmodels `mcnemar`; Fagerland, Lydersen & Laake 2013). No disagreement: p = 1.
 */
export function mcnemar(onlyBase: number, onlyHead: number): { exact: number; midP: number } {
  const n = onlyBase + onlyHead;
  const least = Math.min(onlyBase, onlyHead);
  if (n === 0) return { exact: 1, midP: 1 };
  const logPoint = logGamma(n + 1) - logGamma(least + 1) - logGamma(n - least + 1) - n * Math.LN2;
  const point = Math.exp(logPoint);
  let ratio = 1;
  let tail = 1;
  for (let k = least; k > 0 && ratio > tail * 1e-18; k -= 1) {
    ratio *= k / (n - k + 1);
    tail += ratio;
  }
  return { exact: Math.min(1, 2 * point * tail), midP: Math.min(1, 2 * point * tail - point) };
}
