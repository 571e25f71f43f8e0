import type { Delta, SliceChange } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { LEVEL } from '../evaluation/measure-metric.ts';
import { SEED } from '../evaluation/measure-model.ts';
import { type ScoredRows, scoredRows } from '../evaluation/scored-rows.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { compareMetric } from './compare-metric.ts';

/** Rows below which nothing is said about a slice. */
const LEAST = 100;
/** Slices that are compared, the largest ones. */
const MOST = 100;

/**
 * The paired change of one metric in every group of every column: what became worse for some while it became better for
 * all. Intervals are widened to hold for all slices together (Bonferroni), so that one of many does not stand out by chance.
 */
export function compareSlices(
  metric: MetricName,
  columns: readonly GroupColumn[],
  base: ScoredRows,
  head: ScoredRows,
): SliceChange[] {
  const slices = columns
    .flatMap(({ by, names, codes }) => {
      const members = rowsByGroup(names.length, codes);
      return names.map((group, code) => ({ by, group, rows: members[code] ?? [] }));
    })
    .filter(({ rows }) => rows.length >= LEAST);
  const least = slices.map(({ rows }) => rows.length).toSorted((left, right) => right - left)[MOST - 1] ?? 0;
  const compared = slices.filter(({ rows }) => rows.length >= least).slice(0, MOST);
  const level = 1 - (1 - LEVEL) / Math.max(1, compared.length);
  return compared.map(({ by, group, rows }) => {
    const delta = compareMetric(metric, take(base, rows), take(head, rows), seededRandom(SEED));
    return { by, group, n: rows.length, metric, delta: delta === null ? null : widened(delta, level) };
  });
}

function rowsByGroup(groups: number, codes: Float64Array): number[][] {
  const members = Array.from({ length: groups }, (): number[] => []);
  codes.forEach((code, row) => {
    members[code]?.push(row);
  });
  return members;
}

function take({ labels, scores, threshold }: ScoredRows, rows: readonly number[]): ScoredRows {
  const of = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
  return scoredRows(of(labels), of(scores), threshold);
}

function widened(delta: Delta, level: number): Delta {
  return delta.standardError === null
    ? delta
    : { ...delta, ...normalInterval(delta.value, delta.standardError, level) };
}
