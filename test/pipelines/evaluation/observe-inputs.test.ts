import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observeInputs } from '../../../pipelines/evaluation/observe-inputs.ts';

async function observe(x: Float64Array, words: string[], size: number, wanted: number[]) {
  async function* cut() {
    for (let start = 0; start < x.length; start += size) {
      yield { x: x.slice(start, start + size), words: words.slice(start, start + size) };
    }
  }
  const { batches, observed } = observeInputs(cut(), Uint32Array.from(wanted));
  const passed: number[] = [];
  for await (const batch of batches) passed.push(...Array.from(batch.x ?? [], Number));
  return { passed, ...observed() };
}

test('every row passes; the wanted ones are kept in their order, however the rows are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: 1, maxLength: 40 })
        .chain((values) =>
          fc.tuple(
            fc.constant(values),
            fc.integer({ min: 1, max: 9 }),
            fc.uniqueArray(fc.nat(values.length - 1), { minLength: 1 }),
          ),
        ),
      async ([values, size, wanted]) => {
        const words = values.map((_, row) => `w${row}`);
        const found = await observe(Float64Array.from(values), words, size, wanted);
        expect(found.passed).toEqual(values);
        expect([...(found.columns.x ?? [])]).toEqual(wanted.map((row) => values[row]));
        expect(found.columns.words).toEqual(wanted.map((row) => `w${row}`));
        const finite = values.filter(Number.isFinite);
        expect(found.ranges.x?.low).toBe(Math.min(...finite));
        expect(found.ranges.x?.high).toBe(Math.max(...finite));
        expect(found.ranges.words).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});

test('the deviation is that of all values, also of large ones close together', async () => {
  const values = Float64Array.from({ length: 1000 }, (_, row) => 1e9 + (row % 3));
  const { ranges } = await observe(values, Array.from(values, String), 7, [0]);
  const mean = values.reduce((sum, value) => sum + value, 0) / 1000;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 1000;
  expect(ranges.x?.deviation).toBeCloseTo(Math.sqrt(variance), 9);
});
