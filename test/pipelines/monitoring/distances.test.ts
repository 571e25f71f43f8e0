import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jensenShannonDistance } from '../../../pipelines/monitoring/jensen-shannon-distance.ts';
import { populationStabilityIndex } from '../../../pipelines/monitoring/population-stability-index.ts';
import { samplingAllowance } from '../../../pipelines/monitoring/sampling-allowance.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }).filter((list) => list.some((count) => count > 0));

describe('the Jensen-Shannon distance, base 2', () => {
  it('agrees with the published fixture', () => {
    expect(jensenShannonDistance([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8])).toBeCloseTo(0.0817342133, 9);
  });

  it('is 0 for the same shares, 1 without common mass, undefined without any', () => {
    expect(jensenShannonDistance([1, 2, 3], [10, 20, 30])).toBeCloseTo(0, 12);
    expect(jensenShannonDistance([5, 0], [0, 7])).toBe(1);
    expect(jensenShannonDistance([0, 0], [0, 7])).toBeNaN();
  });

  it('is a metric: symmetric, bounded, and obeys the triangle', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        const ab = jensenShannonDistance(a, b);
        expect(ab).toBeCloseTo(jensenShannonDistance(b, a), 12);
        expect(ab).toBeGreaterThanOrEqual(0);
        expect(ab).toBeLessThanOrEqual(1);
        expect(ab).toBeLessThanOrEqual(jensenShannonDistance(a, c) + jensenShannonDistance(c, b) + 1e-7);
      }),
    );
  });

  it('refuses other bins', () => {
    expect(() => jensenShannonDistance([1], [1, 2])).toThrow(expect.objectContaining({ code: 'bins-differ' }));
  });
});

describe('the population stability index', () => {
  it('agrees with the published value for an empty bin', () => {
    expect(populationStabilityIndex([0, 2, 1], [1, 1, 1])).toBeCloseTo(2.9341472485, 9);
  });

  it('is 0 for the same shares and undefined without rows', () => {
    expect(populationStabilityIndex([1, 3], [10, 30])).toBeCloseTo(0, 12);
    expect(populationStabilityIndex([1, 3], [0, 0])).toBeNaN();
  });
});

describe('the allowance for sampling', () => {
  it('is seldom exceeded by two samples of one distribution, and not far from what they reach', () => {
    const random = seededRandom(7);
    const shares = Array.from({ length: 20 }, (_, bin) => 1 + (bin % 5));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const bins = shares.flatMap((share, bin) => Array.from({ length: share }, () => bin));
    const draw = (rows: number): number[] => {
      const drawn = shares.map(() => 0);
      for (let row = 0; row < rows; row += 1) {
        const bin = bins[Math.floor(random() * total)] ?? 0;
        drawn[bin] = (drawn[bin] ?? 0) + 1;
      }
      return drawn;
    };
    const squared = Array.from({ length: 300 }, () => jensenShannonDistance(draw(400), draw(1200)) ** 2);
    const allowance = samplingAllowance(20, 400, 1200);
    expect(squared.filter((value) => value > allowance).length).toBeLessThanOrEqual(6);
    expect(Math.max(...squared)).toBeGreaterThan(allowance / 2);
  });

  it('vanishes with many rows and with a single bin', () => {
    expect(samplingAllowance(20, 1e9, 1e9)).toBeLessThan(1e-7);
    expect(samplingAllowance(1, 10, 10)).toBe(0);
  });
});
