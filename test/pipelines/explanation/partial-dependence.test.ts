import { describe, expect, test } from 'vitest';
import { accumulatedEffects } from '../../../pipelines/explanation/accumulated-effects.ts';
import { chooseGrid } from '../../../pipelines/explanation/choose-grid.ts';
import { partialDependence } from '../../../pipelines/explanation/partial-dependence.ts';
import type { Predictor } from '../../../pipelines/explanation/predictor.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { predictorOf, waves } from './predictors.ts';

const crossed = predictorOf(([a = 0, b = 0, c = 0]) => a * b + Math.exp(c) * b);

describe('partialDependence', () => {
  test('gives what scikit-learn 1.x gives by brute force at the same values', async () => {
    const [found] = await partialDependence(waves(40, 3, 1), 'x1', { grid: 3, lines: 2 }, crossed);
    const expected = [
      [-0.9983470937967718, -1.2949302267895466],
      [0.05308358714605824, 0.06885334967063149],
      [0.9726230624856244, 1.261564250260279],
    ];
    expect(found?.points.map(({ at }) => at)).toEqual(expected.map(([at]) => at));
    found?.points.forEach(({ mean, interval }, at) => {
      expect(mean).toBeCloseTo(expected[at]?.[1] ?? Number.NaN, 12);
      expect(interval?.low).toBeLessThan(mean);
    });
    expect(found?.lines?.map(([first = 0]) => Number(first.toFixed(6)))).toEqual(
      [-2.35978, -1.977272].map((v) => v + 0),
    );
  });

  test('takes texts by how common they are, and every output', async () => {
    const predictor: Predictor = {
      outputs: ['no', 'yes'],
      predict: async ({ word = [] }) =>
        Float64Array.from(Array.from<unknown>(word).flatMap((text) => [String(text).length, 10])),
    };
    const found = await partialDependence({ word: ['bb', 'a', 'bb', 'ccc'] }, 'word', { grid: 2, lines: 0 }, predictor);
    expect(found).toMatchObject([
      {
        output: 'no',
        points: [
          { at: 'bb', mean: 2 },
          { at: 'a', mean: 1 },
        ],
      },
      {
        output: 'yes',
        points: [
          { at: 'bb', mean: 10 },
          { at: 'a', mean: 10 },
        ],
      },
    ]);
    expect(found[0]).not.toHaveProperty('lines');
    expect(found[0]).not.toHaveProperty('local');
  });

  test('says nothing of an input with one value or none', async () => {
    const rows = { same: Float64Array.of(1, 1), missing: Float64Array.of(Number.NaN, Number.NaN), word: ['a', 'a'] };
    for (const feature of Object.keys(rows)) {
      expect(await partialDependence(rows, feature, { grid: 5, lines: 1 }, crossed)).toEqual([]);
    }
  });
});

describe('chooseGrid', () => {
  test('takes observed values only, from the 5th to the 95th percentile', () => {
    const column = Float64Array.from({ length: 101 }, (_, at) => 100 - at);
    expect(chooseGrid(column, 4)).toEqual({ type: 'number', values: [5, 35, 65, 95] });
    expect(chooseGrid(Float64Array.of(Number.NaN, 2, Number.POSITIVE_INFINITY, 7), 10).values).toEqual([2, 7]);
  });
});

describe('accumulatedEffects', () => {
  test('is w (x - mean x) at the edges for a linear model, where inputs move together', async () => {
    const random = seededRandom(1);
    const a = Float64Array.from({ length: 500 }, random);
    const columns = { a, b: a.map((value) => value + 0.01 * random()) };
    const linear = predictorOf(([x = 0, y = 0]) => 3 * x - 5 * y);
    const { at, effects } = await accumulatedEffects(columns, 'a', 20, linear);
    expect(at).toHaveLength(21);
    at.forEach((edge, place) => {
      expect((effects[place] ?? 0) - (effects[0] ?? 0)).toBeCloseTo(3 * (edge - (at[0] ?? 0)), 10);
    });
    const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
    expect(effects[10]).toBeCloseTo(3 * ((at[10] ?? 0) - mean), 1);
  });

  test('does not answer for rows that nobody has: with a product of twins it follows the data', async () => {
    // f = a b with b = a: along the data f = a^2 and the effect of a alone is the integral of b = a, that is a^2 / 2;
    // partial dependence would claim a E b, a straight line.
    const a = Float64Array.from({ length: 1001 }, (_, at) => at / 1000);
    const { at, effects } = await accumulatedEffects(
      { a, b: a.slice() },
      'a',
      50,
      predictorOf(([x = 0, y = 0]) => x * y),
    );
    at.forEach((edge, place) => {
      expect(effects[place]).toBeCloseTo(edge ** 2 / 2 - 1 / 6, 2);
    });
  });

  test('keeps to its edges with missing values, ties and texts', async () => {
    const columns = { a: Float64Array.of(1, 1, 1, 2, Number.NaN), word: ['a', 'b', 'c', 'd', 'e'] };
    const model = predictorOf(([x = 0]) => 10 * x);
    const { at, effects } = await accumulatedEffects(columns, 'a', 4, model);
    expect(at).toEqual([1, 2]);
    expect((effects[1] ?? 0) - (effects[0] ?? 0)).toBe(10);
    expect((await accumulatedEffects(columns, 'word', 4, model)).at).toEqual([]);
  });
});
