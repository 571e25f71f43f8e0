import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coalitionPlan } from '../../../pipelines/explanation/coalition-plan.ts';
import type { FeatureColumns, Predictor } from '../../../pipelines/explanation/predictor.ts';
import { shapleyValues } from '../../../pipelines/explanation/shapley-values.ts';
import { predictorOf, waves } from './predictors.ts';

const logistic = predictorOf(
  ([a = 0, b = 0, c = 0, d = 0, e = 0]) =>
    1 / (1 + Math.exp(-(0.8 * a - 1.2 * b * c + 0.5 * Math.sin(3 * d) + e ** 2 * 0.3))),
);
const products = predictorOf(
  ([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, ...rest]) =>
    a * b + c * d * e + f - 0.5 * g ** 2 + rest.reduce((sum, value) => sum + value, 0) * 0.1,
);

const seed = 1;
/** Coalitions that leave no choice but to sample, and no wish for more than there are. */
const modes = [{}, { most: 200 }, { most: 40 }];

describe('shapleyValues', () => {
  test('gives what the Python package shap 0.51 gives, exactly and by the kernel', async () => {
    const subject = { rows: waves(3, 5, 100), background: waves(20, 5, 1) };
    const expected = [
      [-0.10474500827771205, 0.07830454656907586, 0.0692926894431417, 0.022491211619554287, -0.02508335641340755],
      [0.018801699487890802, 0.10522144357061271, 0.10780750489660297, -0.029611935244276404, 0.02292163545525731],
      [0.12055450423894881, -0.02566193548755317, -0.057507401472375576, 0.10159447465557342, -0.023233247218910274],
    ].flat();
    const { baseline, values, method } = await shapleyValues(subject, { seed }, logistic);
    expect(method).toBe('exact');
    expect(baseline[0]).toBeCloseTo(0.5597525081566563, 14);
    values.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 13);
    });
  });

  test('comes near what shap 0.51 gives exactly for sixteen inputs by sampling', async () => {
    const subject = { rows: waves(1, 16, 100), background: waves(10, 16, 1) };
    const expected = [
      -0.1453995026092382, -0.11533282413132691, 0.17785219410231046, 0.1282505346772014, 0.048818751514331835,
      -0.6996705839851293, 0.041932756374186815, 0.09846496679878654, 0.01776416971760339, -0.04397782889174927,
      -0.08401760191223344, -0.07329006541981059, -0.10019642086399967, -0.07058776328674328, 0.011683852775572826,
      0.08231367710698378,
    ];
    const { method, baseline, values } = await shapleyValues(subject, { seed }, products);
    expect(method).toBe('kernel');
    expect(baseline[0]).toBeCloseTo(-0.47233794768931847, 13);
    // The package itself is off by up to 0.005 here with as many coalitions.
    values.forEach((value, at) => {
      expect(Math.abs(value - (expected[at] ?? Number.NaN))).toBeLessThan(0.008);
    });
  });

  test('adds up: prediction = baseline + sum, whether exact or sampled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(...modes),
        async (features, offset, mode) => {
          const formula = predictorOf((row) => row.reduce((sum, value, at) => Math.tanh(sum * value + at) + value, 1));
          const subject = { rows: waves(2, features, offset), background: waves(6, features, offset + 50) };
          const { baseline, predictions, values } = await shapleyValues(subject, { seed, ...mode }, formula);
          predictions.forEach((prediction, row) => {
            const sum = values.subarray(row * features, (row + 1) * features).reduce((all, value) => all + value, 0);
            expect(Math.abs((baseline[0] ?? Number.NaN) + sum - prediction)).toBeLessThan(1e-9);
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each(modes)('is w (x - mean x) for every input of a linear model (%j)', async (mode) => {
    const weights = [0.5, -2, 3, 0, 1, 1, -1, 0.25, 4, -0.1, 2, 0.3, -0.7];
    const linear = predictorOf((row) => row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 7));
    const subject = { rows: waves(2, 13, 5), background: waves(9, 13, 70) };
    const { values } = await shapleyValues(subject, { seed, ...mode }, linear);
    weights.forEach((weight, at) => {
      const background = [...(subject.background[`x${at}`] ?? [])].map(Number);
      const centre = background.reduce((sum, value) => sum + value, 0) / background.length;
      for (const row of [0, 1]) {
        const wanted = weight * (Number(subject.rows[`x${at}`]?.[row]) - centre);
        expect(Math.abs((values[row * 13 + at] ?? Number.NaN) - wanted)).toBeLessThan(1e-10);
      }
    });
  });

  test('treats two inputs that the model treats alike, alike, and gives nothing to one it does not read', async () => {
    const formula = predictorOf(([a = 0, b = 0, c = 0]) => Math.exp(a * b) + c);
    const same = Float64Array.of(0.3, -1, 2);
    const background = { a: same, b: same, c: Float64Array.of(1, 2, 3), unread: Float64Array.of(5, 6, 7) };
    const one = Float64Array.of(0.7);
    const rows = { a: one, b: one, c: Float64Array.of(9), unread: Float64Array.of(1) };
    const { values } = await shapleyValues({ rows, background }, { seed }, formula);
    expect(values[0]).toBeCloseTo(values[1] ?? Number.NaN, 13);
    expect(values[0]).not.toBe(0);
    expect(values[3]).toBeCloseTo(0, 14);
  });

  test('leaves out an input that equals its whole background, missing values too, and still adds up', async () => {
    const asked: number[] = [];
    const predictor: Predictor = {
      outputs: ['score'],
      predict: async ({ a = [], b = [] }) => {
        asked.push(a.length);
        return Float64Array.from(
          Array.from<unknown>(a),
          (value, row) => Number(value) + (Number.isNaN(Number(b[row])) ? 100 : 0),
        );
      },
    };
    const subject = {
      rows: { a: Float64Array.of(3), b: Float64Array.of(Number.NaN) },
      background: { a: Float64Array.of(1, 2), b: Float64Array.of(Number.NaN, Number.NaN) },
    };
    const { values, baseline } = await shapleyValues(subject, { seed }, predictor);
    expect([...values, ...baseline]).toEqual([1.5, 0, 101.5]);
    expect(asked).toEqual([2, 1]);
  });

  test('explains texts and several outputs', async () => {
    const predictor: Predictor = {
      outputs: ['cat', 'dog'],
      predict: async ({ word = [], size = [] }) =>
        Float64Array.from(
          Array.from<unknown>(word).flatMap((text, row) => [
            text === 'miau' ? 1 : 0,
            text === 'wau' ? Number(size[row]) : 0,
          ]),
        ),
    };
    const subject: { rows: FeatureColumns; background: FeatureColumns } = {
      rows: { word: ['wau'], size: Float64Array.of(4) },
      background: { word: ['miau', 'wau'], size: Float64Array.of(2, 2) },
    };
    const { values, baseline, predictions } = await shapleyValues(subject, { seed }, predictor);
    expect([...baseline, ...predictions]).toEqual([0.5, 1, 0, 4]);
    // word, size; each for cat and dog: dog's game is v(word) = 2, v(size) = 2, v(both) = 4 from 1.
    expect([...values]).toEqual([-0.5, 1.5, 0, 1.5]);
  });

  test('gives the same numbers for the same seed, and nothing for a row that is its background', async () => {
    const subject = { rows: waves(1, 14, 3), background: waves(4, 14, 9) };
    const options = { seed: 7, most: 60 };
    const [one, two] = [
      await shapleyValues(subject, options, products),
      await shapleyValues(subject, options, products),
    ];
    expect(one.values).toEqual(two.values);
    expect((await shapleyValues({ ...subject, background: subject.rows }, options, products)).values).toEqual(
      new Float64Array(14),
    );
  });
});

describe('coalitionPlan', () => {
  test('shares out everything and nothing else', () => {
    for (const players of [2, 3, 7, 12, 16]) {
      const { map, whole, count, members } = coalitionPlan(players, { seed });
      for (let coalition = 0; coalition < count; coalition += 1) {
        let sum = 0;
        let size = 0;
        for (let player = 0; player < players; player += 1) {
          sum += map[player * count + coalition] ?? Number.NaN;
          size += members[coalition * players + player] ?? 0;
        }
        expect(Math.abs(sum)).toBeLessThan(1e-9);
        expect(size > 0 && size < players).toBe(true);
      }
      expect(whole.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    }
  });

  test('finds the exact values from sampled coalitions of all sizes when all were drawn', async () => {
    const subject = { rows: waves(1, 6, 3), background: waves(4, 6, 9) };
    const exact = await shapleyValues(subject, { seed }, products);
    // 60 of 62 coalitions: the fit has all but two of the equations.
    const near = await shapleyValues(subject, { seed, most: 60 }, products);
    near.values.forEach((value, at) => {
      expect(Math.abs(value - (exact.values[at] ?? 0))).toBeLessThan(0.05);
    });
  });

  test('refuses more inputs than it could solve for', () => {
    expect(() => coalitionPlan(2001, { seed })).toThrow(/too many inputs.*2001/);
  });
});
