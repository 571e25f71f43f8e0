import { describe, expect, test } from 'vitest';
import { averagePrecision } from '../../../pipelines/statistics/average-precision.ts';
import { bootstrapConfidence } from '../../../pipelines/statistics/bootstrap-confidence.ts';
import { delongComponents } from '../../../pipelines/statistics/delong-components.ts';
import { laneAreas } from '../../../pipelines/statistics/lane-areas.ts';
import { laneCounts } from '../../../pipelines/statistics/lane-counts.ts';
import { laneDifference } from '../../../pipelines/statistics/lane-difference.ts';
import { laneOrderStatistic } from '../../../pipelines/statistics/lane-order-statistic.ts';
import { laneSums } from '../../../pipelines/statistics/lane-sums.ts';
import { mean, variance } from '../../../pipelines/statistics/moments.ts';
import { normalCdf } from '../../../pipelines/statistics/normal-cdf.ts';
import { evaluateUnits, jackknifeUnits, resampleUnits } from '../../../pipelines/statistics/resample-units.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { sortOrder } from '../../../pipelines/statistics/sort-order.ts';

const rows = 240;
const random = seededRandom(5);
const labels = Float64Array.from({ length: rows }, () => Number(random() < 0.4));
/** With many ties. */
const scores = labels.map((label) => Math.round(8 * (random() + 0.3 * label)) / 8);
const own = Uint32Array.from({ length: rows }, (_, row) => row);
const total = laneSums([scores], own, rows, ([sum = 0]) => sum);

/** The rows of each lane, each as often as it was drawn. */
function drawn(weights: Uint8Array): number[][] {
  return [0, 1, 2, 3].map((lane) => [...own].flatMap((row) => Array(weights[4 * row + lane] ?? 0).fill(row)));
}
const pick = (from: Float64Array, kept: number[]) => Float64Array.from(kept, (row) => from[row] ?? Number.NaN);

describe('resamples of units', () => {
  test('draw as many units as there are, each about as often', () => {
    const counts = new Float64Array(rows);
    const [sizes] = resampleUnits(
      rows,
      [
        (weights, out) => {
          drawn(weights).forEach((kept, lane) => {
            out[lane] = kept.length;
            for (const row of kept) counts[row] = (counts[row] ?? 0) + 1;
          });
        },
      ],
      { resamples: 400, seed: 1 },
    );
    expect(new Set(sizes)).toEqual(new Set([rows]));
    expect(mean(counts)).toBe(400);
    expect(Math.sqrt(variance(counts))).toBeGreaterThan(15);
    expect(Math.sqrt(variance(counts))).toBeLessThan(25);
  });

  test('are the same for a seed, others for another, and do not depend on what is computed beside', () => {
    const of = (seed: number, beside = false) =>
      resampleUnits(rows, beside ? [laneDifference(total, total), total] : [total], { resamples: 40, seed }).at(-1);
    expect(of(1)).toEqual(of(1, true));
    expect(of(1)).not.toEqual(of(2));
    expect(new Set(of(1)).size).toBeGreaterThan(25);
  });

  test('leave one of 200 groups out in turn, or one of fewer units', () => {
    const [left = new Float64Array()] = jackknifeUnits(rows, [total]);
    const whole = evaluateUnits(rows, [total])[0] ?? 0;
    expect(left).toHaveLength(200);
    expect(left.reduce((sum, value) => sum + whole - value, 0)).toBeCloseTo(whole, 9);
    expect(jackknifeUnits(7, [laneSums([scores], own.subarray(0, 7), 7, ([, count = 0]) => count)])[0]).toEqual(
      new Float64Array(7).fill(6),
    );
  });
});

describe('statistics of weighted rows are those of the rows written out', () => {
  const order = sortOrder(scores);
  const areas = (area: 'auc' | 'precision') => laneAreas(area, { labels, scores, order }, own);
  const [auc, precision] = [areas('auc'), areas('precision')];
  const cellOf = Uint32Array.from(labels);

  test.each<[string, (weights: Uint8Array, out: Float64Array) => void, (kept: number[]) => number]>([
    [
      'area',
      (weights, out) => out.set(auc(weights).values),
      (kept) => delongComponents(pick(labels, kept), pick(scores, kept)).auc,
    ],
    [
      'average precision',
      (weights, out) => out.set(precision(weights).values),
      (kept) => averagePrecision(pick(labels, kept), pick(scores, kept)).value,
    ],
    ['sum', total, (kept) => pick(scores, kept).reduce((sum, value) => sum + value, 0)],
    [
      'count',
      laneCounts(cellOf, 2, own, ([, count = 0]) => count),
      (kept) => pick(labels, kept).reduce((sum, label) => sum + label, 0),
    ],
    ['largest', laneOrderStatistic('largest', scores, own), (kept) => Math.max(...pick(scores, kept))],
    [
      'median',
      laneOrderStatistic('median', scores, own),
      (kept) => {
        const sorted = pick(scores, kept).sort();
        return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
      },
    ],
  ])('%s', (_, statistic, direct) => {
    const wanted: number[] = [];
    const [seen = new Float64Array()] = resampleUnits(
      rows,
      [
        (weights, out) => {
          statistic(weights, out);
          wanted.push(...drawn(weights).map(direct));
        },
      ],
      { resamples: 8, seed: 3 },
    );
    seen.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[at] ?? Number.NaN, 10);
    });
  });

  test('rows of one unit come and go together', () => {
    const unitOf = own.map((row) => row % 60);
    const size = laneSums([], unitOf, 60, ([count = 0]) => count);
    const cells = laneCounts(cellOf, 2, unitOf, ([no = 0, yes = 0]) => no + yes);
    const [fromSums, fromCells] = resampleUnits(60, [size, cells], { resamples: 20, seed: 1 });
    expect(fromSums).toEqual(fromCells);
    expect(fromSums?.every((count) => count === rows)).toBe(true);
  });
});

describe('what replicates say', () => {
  const normal = (seed: number) => {
    const uniform = seededRandom(seed);
    return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  };
  const replicates = Float64Array.from({ length: 4000 }, normal(9)).map((value) => 1 + 0.5 * value);

  test('percentiles, and a p that their interval agrees with', () => {
    const found = bootstrapConfidence(1, replicates, null);
    expect(found?.bound(0.975)).toBeCloseTo(1.98, 1);
    expect(found?.standardError).toBeCloseTo(0.5, 1);
    expect(found?.bound((found?.p ?? 1) / 2)).toBeCloseTo(0, 1);
  });

  test('without bias and skewness BCa is the percentiles', () => {
    const symmetric = Float64Array.from({ length: 2001 }, (_, at) => (at - 1000) / 1000);
    const plain = bootstrapConfidence(0, symmetric, null);
    const corrected = bootstrapConfidence(0, symmetric, { values: Float64Array.of(-1, 0, 1) });
    for (const level of [0.025, 0.3, 0.9]) expect(corrected?.bound(level)).toBeCloseTo(plain?.bound(level) ?? 0, 9);
    expect(corrected?.p).toBe(1);
  });

  test('BCa by hand: z0 from the share below, a from the left-out values', () => {
    // Share below 0.4; a = sum d^3 / (6 (sum d^2)^1.5) with d = 2, -1, -1.
    const even = Float64Array.from({ length: 1999 }, (_, at) => (at + 1) / 2000);
    const found = bootstrapConfidence(0.4, even, { values: Float64Array.of(-2, 1, 1) });
    const a = 6 / (6 * 6 ** 1.5);
    const z0 = -0.2533471031357997;
    const reach = z0 + 1.959963984540054;
    expect(z0 + reach / (1 - a * reach)).toBeCloseTo(1.6775, 4);
    expect(normalCdf(1.6775)).toBeCloseTo(0.9533, 4);
    expect(found?.bound(0.975)).toBeCloseTo(0.9533, 2);
  });

  test('too few defined ones say nothing, and equal ones say it with certainty', () => {
    const half = Float64Array.of(1, Number.NaN, Number.NaN);
    expect(bootstrapConfidence(1, half, null)).toBeNull();
    expect(bootstrapConfidence(Number.NaN, replicates, null)).toBeNull();
    expect(bootstrapConfidence(0, new Float64Array(100), null)).toMatchObject({ p: 1, standardError: 0 });
    expect(bootstrapConfidence(2, new Float64Array(99).fill(2), null)).toMatchObject({ p: 0.02, standardError: 0 });
  });
});
