import { logGamma } from './log-gamma.ts';
import { normalSurvival } from './normal-survival.ts';

type McNemar = {
  /** The smaller of the two counts, which is the statistic of both exact forms. */
  least: number;
  exact: number;
  midP: number;
  chiSquared: { statistic: number; p: number };
  /** With Edwards' continuity correction, which never goes below 0. */
  corrected: { statistic: number; p: number };
};

/**
 * McNemar's test from its two off-diagonal counts: `onlyBase` rows that only the base got right, `onlyHead` that only
 * the head did. Under no difference the smaller one is Binomial(n, 1/2). Exact p is 2 P(X <= min), at most 1; mid-p
 * counts the observed value half (statsmodels `mcnemar`; Fagerland, Lydersen & Laake 2013); chi-squared is
 * (b - c)^2 / (b + c), corrected max(0, |b - c| - 1)^2 / (b + c), of one degree of freedom. No disagreement: p = 1.
 */
export function mcnemar(onlyBase: number, onlyHead: number): McNemar {
  const n = onlyBase + onlyHead;
  const least = Math.min(onlyBase, onlyHead);
  const apart = Math.abs(onlyBase - onlyHead);
  const chi = (distance: number) => {
    if (n === 0) return { statistic: 0, p: 1 };
    const statistic = distance ** 2 / n;
    return { statistic, p: Math.min(1, 2 * normalSurvival(Math.sqrt(statistic))) };
  };
  return { least, ...tails(least, n), chiSquared: chi(apart), corrected: chi(Math.max(0, apart - 1)) };
}

function tails(least: number, n: number): { exact: number; midP: number } {
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
