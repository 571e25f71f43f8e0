import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareImportance } from '../../../pipelines/explanation/compare-importance.ts';
import { describeImportance } from '../../../pipelines/explanation/describe-importance.ts';
import { drawSample } from '../../../pipelines/explanation/draw-sample.ts';
import { measureImportance, type SampleMetric } from '../../../pipelines/explanation/measure-importance.ts';
import type { FeatureColumns, Predictor } from '../../../pipelines/explanation/predictor.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { predictorOf } from './predictors.ts';

function meanSquaredError(labels: Float64Array): SampleMetric {
  return {
    name: 'mse',
    direction: 'lower',
    measure: (parts, answers) =>
      parts.map(
        (rows) => rows.reduce((sum, row) => sum + ((labels[row] ?? 0) - (answers[row] ?? 0)) ** 2, 0) / rows.length,
      ),
  };
}

const accuracy = (labels: Float64Array): SampleMetric => ({
  name: 'accuracy',
  direction: 'higher',
  measure: (parts, answers) =>
    parts.map(
      (rows) =>
        rows.reduce((hits, row) => hits + (labels[row] === Number((answers[row] ?? 0) > 0.5) ? 1 : 0), 0) / rows.length,
    ),
});

/** Rows of independent uniform numbers, in `blocks` of which a sample is made. */
function draw(rows: number, names: readonly string[], seed: number) {
  const random = seededRandom(seed);
  const columns: FeatureColumns = Object.fromEntries(
    names.map((name) => [name, Float64Array.from({ length: rows }, random)]),
  );
  return { columns, blocks: drawSample({ of: rows, most: rows }, random).blocks };
}

describe('measureImportance', () => {
  test('finds w squared / 6 for the squared error of a perfect linear model of uniform inputs', async () => {
    // E (w x - w x')^2 = 2 w^2 Var x = w^2 / 6.
    const subject = draw(4000, ['a', 'b', 'unread'], 1);
    const model = predictorOf(([a = 0, b = 0]) => 3 * a - 6 * b);
    const labels = await model.predict(subject.columns);
    const { score, importance } = await measureImportance(
      subject,
      { metric: meanSquaredError(labels), repeats: 5, seed: 1 },
      model,
    );
    expect(score).toBe(0);
    const found = describeImportance(importance);
    expect(found.map(({ feature }) => feature)).toEqual(['b', 'a', 'unread']);
    expect(found[0]?.value).toBeCloseTo(6, 0);
    expect(found[1]?.value).toBeCloseTo(1.5, 1);
    expect(found[2]).toEqual({ feature: 'unread', value: 0, deviation: 0, interval: { low: 0, high: 0, level: 0.95 } });
    for (const { value, interval, deviation } of found.slice(0, 2)) {
      expect(interval?.low).toBeLessThan(value);
      expect(interval?.high).toBeGreaterThan(value);
      expect(deviation).toBeGreaterThan(0);
    }
  });

  test('is positive for what matters whichever way the metric goes', async () => {
    const subject = draw(400, ['a', 'b'], 2);
    const model = predictorOf(([a = 0]) => a);
    const labels = (await model.predict(subject.columns)).map((value) => (value > 0.5 ? 1 : 0));
    const options = { repeats: 3, seed: 1 };
    for (const metric of [accuracy(labels), meanSquaredError(labels)]) {
      const { importance } = await measureImportance(subject, { ...options, metric }, model);
      const [first, second] = describeImportance(importance);
      expect(first?.feature).toBe('a');
      expect(first?.value).toBeGreaterThan(0.1);
      expect(second?.value).toBe(0);
    }
  });

  test('covers the true importance in about 95 of 100 samples', async () => {
    const model = predictorOf(([a = 0, b = 0]) => 2 * a + b);
    let covered = 0;
    const runs = 150;
    for (let run = 0; run < runs; run += 1) {
      const subject = draw(200, ['a', 'b'], 1000 + run);
      const noise = seededRandom(run);
      const labels = (await model.predict(subject.columns)).map((value) => value + noise() - 0.5);
      const { importance } = await measureImportance(
        subject,
        { metric: meanSquaredError(labels), repeats: 2, seed: run },
        model,
      );
      const { interval } = describeImportance(importance).find(({ feature }) => feature === 'a') ?? {};
      // E (2 a - 2 a')^2 = 4 / 6, whatever the noise.
      if (interval && interval.low <= 4 / 6 && interval.high >= 4 / 6) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.9);
    expect(covered / runs).toBeLessThan(0.99);
  });

  test('tells the change between two models with the noise that they share taken out', async () => {
    const subject = draw(600, ['a', 'b', 'c'], 3);
    const random = seededRandom(9);
    const labels = Float64Array.from(
      Array.from<unknown>(subject.columns.a ?? []),
      (value) => 4 * Number(value) + random(),
    );
    const metric = meanSquaredError(labels);
    const base = predictorOf(([a = 0]) => 4 * a);
    const head = predictorOf(([a = 0, b = 0]) => 4 * a + 0.5 * b);
    const options = { metric, repeats: 4, seed: 5 };
    const [before, after] = [
      (await measureImportance(subject, options, base)).importance,
      (await measureImportance(subject, options, head)).importance,
    ];
    const changes = compareImportance(before, after);
    const b = changes.find(({ feature }) => feature === 'b');
    // b is noise to the label: shuffled it harms as much as unshuffled.
    expect(Math.abs(b?.delta?.value ?? 1)).toBeLessThan(0.05);
    const reach = (interval: { low: number; high: number } | null | undefined) =>
      (interval?.high ?? 0) - (interval?.low ?? 0);
    const a = changes.find(({ feature }) => feature === 'a');
    const alone = describeImportance(after).find(({ feature }) => feature === 'a');
    expect(reach(a?.delta?.interval)).toBeLessThan(reach(alone?.interval) / 2);
    expect(changes.find(({ feature }) => feature === 'c')?.delta?.value).toBe(0);
    // A copy of the base has changed in nothing; swapped sides change the sign.
    for (const { delta } of compareImportance(before, before)) expect(delta?.value).toBe(0);
    const swapped = compareImportance(after, before);
    for (const { feature, delta } of changes) {
      expect(swapped.find((one) => one.feature === feature)?.delta?.value).toBe(-(delta?.value ?? 0) + 0);
    }
  });

  test('names an input that only one of two models has', async () => {
    const [old, now] = [draw(40, ['a', 'old'], 1), draw(40, ['a', 'now'], 1)];
    const metric = meanSquaredError(new Float64Array(40));
    const model = predictorOf(([a = 0, other = 0]) => a + other);
    const options = { metric, repeats: 2, seed: 1 };
    const changes = compareImportance(
      (await measureImportance(old, options, model)).importance,
      (await measureImportance(now, options, model)).importance,
    );
    expect(changes.find(({ feature }) => feature === 'old')).toMatchObject({ head: null, delta: null });
    expect(changes.find(({ feature }) => feature === 'now')).toMatchObject({ base: null, delta: null });
  });

  test('does not ask the model about a column that shuffling leaves alone', async () => {
    let asked = 0;
    const model: Predictor = {
      outputs: ['score'],
      predict: async ({ a = [] }) => {
        asked += 1;
        return Float64Array.from(Array.from<unknown>(a), Number);
      },
    };
    const subject = {
      columns: { a: Float64Array.of(1, 2, 3, 4), same: ['x', 'x', 'x', 'x'] },
      blocks: [Uint32Array.of(0, 1, 2, 3)],
    };
    await measureImportance(subject, { metric: meanSquaredError(new Float64Array(4)), repeats: 3, seed: 1 }, model);
    expect(asked).toBeLessThanOrEqual(4);
  });

  test('leaves out an importance whose metric is undefined, and an interval of one block', async () => {
    const undefinedMetric: SampleMetric = {
      name: 'auc',
      direction: 'higher',
      measure: (parts) => parts.map(() => Number.NaN),
    };
    const model = predictorOf(([a = 0]) => a);
    const options = { repeats: 2, seed: 1 };
    const { importance } = await measureImportance(draw(20, ['a'], 1), { ...options, metric: undefinedMetric }, model);
    expect(describeImportance(importance)).toEqual([]);
    const single = { columns: { a: Float64Array.of(1, 2) }, blocks: [Uint32Array.of(0, 1)] };
    const metric = meanSquaredError(new Float64Array(2));
    const measured = await measureImportance(single, { ...options, metric }, model);
    expect(describeImportance(measured.importance)[0]?.interval).toBeNull();
  });
});

describe('drawSample', () => {
  test('takes every row at most once, in blocks that divide the sample', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer(),
        (of, most, seed) => {
          const { rows, blocks } = drawSample({ of, most }, seededRandom(seed));
          expect(rows.length).toBe(Math.min(of, most));
          expect(new Set(rows).size).toBe(rows.length);
          expect([...rows].every((row) => row < of)).toBe(true);
          expect(blocks.flatMap((block) => [...block]).toSorted((a, b) => a - b)).toEqual([...rows.keys()]);
        },
      ),
    );
  });

  test('keeps the rows of a query together', () => {
    const units = Float64Array.of(1, 1, 2, 3, 3, 3, 4, 4, 5);
    const { rows, blocks } = drawSample({ of: 9, most: 6, units }, seededRandom(3));
    expect(rows.length).toBeGreaterThanOrEqual(6);
    const queries = blocks.map((block) => new Set(Array.from(block, (place) => units[rows[place] ?? 0])));
    const seen = queries.flatMap((block) => [...block]);
    expect(new Set(seen).size).toBe(seen.length);
    for (const query of seen) {
      expect([...rows].filter((row) => units[row] === query)).toHaveLength(
        units.filter((unit) => unit === query).length,
      );
    }
  });
});
