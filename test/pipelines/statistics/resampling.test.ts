import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialSample } from '../../../pipelines/statistics/binomial-sample.ts';
import { bootstrapCells } from '../../../pipelines/statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../../../pipelines/statistics/bootstrap-interval.ts';
import { laneSums } from '../../../pipelines/statistics/lane-sums.ts';
import { mean, variance } from '../../../pipelines/statistics/moments.ts';
import { resampleUnits } from '../../../pipelines/statistics/resample-units.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { sortOrder } from '../../../pipelines/statistics/sort-order.ts';

describe('the seeded generator', () => {
  test('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('is uniform: mean, variance and every tenth', () => {
    const values = Float64Array.from({ length: 50_000 }, seededRandom(1));
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(variance(values)).toBeCloseTo(1 / 12, 3);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = values.filter((value) => Math.floor(value * 10) === tenth).length / values.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.006);
    }
  });
});

describe('binomial draws', () => {
  test.each([
    [5, 0.3],
    [40, 0.2],
    [40, 0.7],
    [1000, 0.03],
    [500_000, 0.4],
    [500_000, 0.00001],
  ])('of %d at %d have the exact mean, variance and range', (trials, p) => {
    const random = seededRandom(11);
    const draws = Float64Array.from({ length: 20_000 }, () => binomialSample(trials, p, random));
    const expected = trials * p * (1 - p);
    expect(Math.abs(mean(draws) - trials * p)).toBeLessThan(4.5 * Math.sqrt(expected / draws.length));
    expect(Math.abs(variance(draws) / expected - 1)).toBeLessThan(0.06);
    expect(draws.every((draw) => Number.isInteger(draw) && draw >= 0 && draw <= trials)).toBe(true);
  });

  test('follow the distribution point by point', () => {
    const random = seededRandom(3);
    const seen = new Float64Array(31);
    for (let draw = 0; draw < 60_000; draw += 1) {
      const k = binomialSample(30, 0.4, random);
      seen[k] = (seen[k] ?? 0) + 1 / 60_000;
    }
    let point = 0.6 ** 30;
    for (let k = 0; k <= 30; k += 1) {
      expect(Math.abs((seen[k] ?? 0) - point)).toBeLessThan(0.007);
      point *= ((30 - k) / (k + 1)) * (0.4 / 0.6);
    }
  });

  test('certain and impossible', () => {
    const random = seededRandom(1);
    expect(binomialSample(9, 0, random)).toBe(0);
    expect(binomialSample(9, 1, random)).toBe(9);
    expect(binomialSample(0, 0.5, random)).toBe(0);
  });
});

describe('the bootstrap', () => {
  const share = (counts: Float64Array) => (counts[0] ?? 0) / counts.reduce((sum, count) => sum + count, 0);

  test('over cells keeps the total of each stratum', () => {
    const totals: number[] = [];
    bootstrapCells(
      [Float64Array.of(3, 0, 7), Float64Array.of(5)],
      (strata) => {
        totals.push(...strata.map((counts) => counts.reduce((sum, count) => sum + count, 0)));
        return [];
      },
      { resamples: 50, random: seededRandom(1) },
    );
    expect(totals.filter((_, at) => at % 2 === 0).every((total) => total === 10)).toBe(true);
    expect(totals.filter((_, at) => at % 2 === 1).every((total) => total === 5)).toBe(true);
  });

  test('over cells and over rows agree with theory for a share', () => {
    const cells = bootstrapCells([Float64Array.of(300, 700)], ([counts]) => [share(counts ?? new Float64Array())], {
      resamples: 4000,
      random: seededRandom(2),
    });
    const own = Uint32Array.from({ length: 1000 }, (_, row) => row);
    const first = Float64Array.from(own, (row) => Number(row < 300));
    const shareOfFirst = laneSums([first], own, 1000, ([sum = 0, all = 0]) => sum / all);
    const rows = resampleUnits(1000, [shareOfFirst], { resamples: 2000, seed: 3 });
    const theory = Math.sqrt((0.3 * 0.7) / 1000);
    for (const column of [cells[0], rows[0]]) {
      expect(Math.abs(Math.sqrt(variance(column ?? new Float64Array())) / theory - 1)).toBeLessThan(0.05);
      expect(mean(column ?? new Float64Array())).toBeCloseTo(0.3, 2);
    }
  });

  test('an interval leaves undefined replicates out, and is null when none is left', () => {
    const interval = bootstrapInterval(2, Float64Array.of(1, Number.NaN, 3), { level: 0.5 });
    expect(interval).toMatchObject({ low: 1.5, high: 2.5, level: 0.5 });
    expect(bootstrapInterval(2, Float64Array.of(Number.NaN), { level: 0.5 })).toBeNull();
  });

  test('a reflected interval turns the percentiles around the estimate', () => {
    const replicates = Float64Array.from({ length: 101 }, (_, at) => 1 + at / 100);
    expect(bootstrapInterval(1, replicates, { level: 0.8, reflected: true })?.high).toBeCloseTo(0.9, 12);
    expect(bootstrapInterval(1, replicates, { level: 0.8, reflected: true })?.low).toBeCloseTo(0.1, 12);
  });
});

test('the sort order is that of a stable comparison', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }).map((value) => value + 0)), (values) => {
      const wanted = values
        .map((_, row) => row)
        .sort((a, b) => {
          const left = values[a] ?? 0;
          const right = values[b] ?? 0;
          return left < right ? -1 : left > right ? 1 : a - b;
        });
      expect([...sortOrder(Float64Array.from(values))]).toEqual(wanted);
    }),
  );
});
