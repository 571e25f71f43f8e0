import type { Delta, SliceChange } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { LEVEL } from '../evaluation/estimate.ts';
import { type JudgedRows, partRows, rowCount } from '../evaluation/judged-rows.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { confidenceBound } from '../statistics/confidence.ts';
import { clusterOfPart } from './cluster-of-part.ts';
import { compareMetric } from './compare-metric.ts';
import { type CompareOptions, defaultOptions } from './compare-options.ts';

/** Rows below which nothing is said about a slice. */
const LEAST = 100;
/** Slices that are compared, the largest ones. */
const MOST = 100;
/** Draws in a slice, of which there may be many. */
const DRAWS = 500;

/**
 * The paired change of one metric in every group of every column: what became worse for some while it became better for
 * all. Intervals are widened to hold for all slices together (Bonferroni), so that one of many does not stand out by chance.
 */
export function compareSlices(
  metric: MetricName,
  columns: readonly GroupColumn[],
  base: JudgedRows,
  head: JudgedRows,
  options: CompareOptions = defaultOptions,
): SliceChange[] {
  const slices = columns
    .flatMap((column) => {
      const { by, names, codes } = column;
      const [before, after] = [partRows(base, names.length, codes), partRows(head, names.length, codes)];
      return names.flatMap((group, code) => {
        const [left, right] = [before[code], after[code]];
        if (left === undefined || right === undefined) return [];
        return [
          { by, group, n: rowCount(right), left, right, cluster: () => clusterOfPart(options.cluster, codes, code) },
        ];
      });
    })
    .filter(({ n }) => n >= LEAST);
  const least = slices.map(({ n }) => n).toSorted((left, right) => right - left)[MOST - 1] ?? 0;
  const compared = slices.filter(({ n }) => n >= least).slice(0, MOST);
  const level = 1 - (1 - LEVEL) / Math.max(1, compared.length);
  const resamples = Math.min(DRAWS, options.resamples);
  return compared.map(({ by, group, n, left, right, cluster }) => {
    const delta = compareMetric(metric, left, right, { ...options, resamples, cluster: cluster() });
    return { by, group, n, metric, delta: delta === null ? null : widened(delta, level) };
  });
}

function widened(delta: Delta, level: number): Delta {
  const low = confidenceBound(delta, 0.5 - level / 2);
  return { ...delta, low, high: confidenceBound(delta, 0.5 + level / 2), level };
}
