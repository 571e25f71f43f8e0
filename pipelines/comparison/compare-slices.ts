import type { Delta, SliceChange } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { LEVEL } from '../evaluation/measure-metric.ts';
import { SEED } from '../evaluation/measure-model.ts';
import type { ScoredRows } from '../evaluation/scored-rows.ts';
import { splitRows } from '../evaluation/split-rows.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { take } from '../statistics/take.ts';
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
      const members = splitRows(names.length, codes);
      const baseOrders = ordersWithin(members, codes, base.order());
      const headOrders = ordersWithin(members, codes, head.order());
      return names.map((group, code) => ({
        by,
        group,
        rows: members[code] ?? new Uint32Array(),
        baseOrder: baseOrders[code] ?? new Uint32Array(),
        headOrder: headOrders[code] ?? new Uint32Array(),
      }));
    })
    .filter(({ rows }) => rows.length >= LEAST);
  const least = slices.map(({ rows }) => rows.length).toSorted((left, right) => right - left)[MOST - 1] ?? 0;
  const compared = slices.filter(({ rows }) => rows.length >= least).slice(0, MOST);
  const level = 1 - (1 - LEVEL) / Math.max(1, compared.length);
  return compared.map(({ by, group, rows, baseOrder, headOrder }) => {
    const delta = compareMetric(metric, part(base, rows, baseOrder), part(head, rows, headOrder), seededRandom(SEED));
    return { by, group, n: rows.length, metric, delta: delta === null ? null : widened(delta, level) };
  });
}

/** For every group the order of its own rows, counted from 0, out of the order of all rows; nothing is sorted again. */
function ordersWithin(members: readonly Uint32Array[], codes: Float64Array, order: Uint32Array): Uint32Array[] {
  const places = new Uint32Array(codes.length);
  for (const rows of members) for (let at = 0; at < rows.length; at += 1) places[rows[at] ?? 0] = at;
  return splitRows(members.length, codes, order).map((rows) => rows.map((row) => places[row] ?? 0));
}

function part({ labels, scores, threshold }: ScoredRows, rows: Uint32Array, order: Uint32Array): ScoredRows {
  return { labels: take(labels, rows), scores: take(scores, rows), threshold, order: () => order };
}

function widened(delta: Delta, level: number): Delta {
  return delta.standardError === null
    ? delta
    : { ...delta, ...normalInterval(delta.value, delta.standardError, level) };
}
