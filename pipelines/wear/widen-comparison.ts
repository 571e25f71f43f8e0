import type { Comparison, Delta } from '../contracts/comparison.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { normalSurvival } from '../statistics/normal-survival.ts';

/**
 * The comparison with every interval of change `factor` times as wide, and with the p-values and smallest visible changes
 * that belong to it; the changes themselves stay what they are. The tests that are listed beside a change are those of the
 * books, and stay as well.
 */
export function widenComparison(comparison: Comparison, factor: number): Comparison {
  if (!(factor > 1)) return comparison;
  const widen = <Item extends { delta: Delta | null }>(item: Item): Item => ({
    ...item,
    delta: item.delta === null ? null : widenDelta(item.delta, factor),
  });
  const { metrics, fairness, slices, sliceMetrics } = comparison;
  return {
    ...comparison,
    metrics: metrics.map((change) => {
      const { detectable } = change;
      return { ...widen(change), detectable: detectable === null ? null : detectable * factor };
    }),
    fairness: fairness.map(widen),
    ...(slices === undefined ? {} : { slices: slices.map(widen) }),
    ...(sliceMetrics === undefined ? {} : { sliceMetrics: sliceMetrics.map(widen) }),
  };
}

function widenDelta(delta: Delta, factor: number): Delta {
  const { value, low, high, method, p, standardError, quantiles } = delta;
  const away = (end: number) => value + factor * (end - value);
  return {
    ...delta,
    low: away(low),
    high: away(high),
    method: `${method}, ${factor.toFixed(1)} times as wide for a worn holdout`,
    p: p === null ? null : Math.min(1, 2 * normalSurvival(-normalQuantile(p / 2) / factor)),
    standardError: standardError === null ? null : standardError * factor,
    ...(quantiles === undefined
      ? {}
      : { quantiles: quantiles.map(([level, at]): [number, number] => [level, away(at)]) }),
  };
}
