import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import type { Forest } from '../../../examples/flight-delays/src/boost.ts';
import { exportOnnx } from '../../../examples/flight-delays/src/export-onnx.ts';
import { scoreRows } from '../../../examples/flight-delays/src/score-rows.ts';
import { syntheticRows, trainOn } from './synthetic-flights.ts';

const names = ['a', 'b'];
const rows = syntheticRows(3000);
const { forest } = trainOn(rows);

async function runModel(bytes: Uint8Array, columns: readonly Float32Array[]): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes);
  const feeds = Object.fromEntries(
    columns.map((column, index) => [names[index] ?? '', new Tensor('float32', column, [column.length, 1])]),
  );
  const { probability } = await session.run(feeds);
  await session.release();
  expect(probability?.dims).toEqual([columns[0]?.length, 1]);
  if (!(probability?.data instanceof Float32Array)) throw new Error('probability is not a float tensor');
  return probability.data;
}

function largestDifference(left: Float32Array, right: Float64Array): number {
  return left.reduce((largest, value, row) => Math.max(largest, Math.abs(value - (right[row] ?? Number.NaN))), 0);
}

it('declares one column for each feature, in order, and one probability', async () => {
  const session = await InferenceSession.create(await exportOnnx(forest, names));
  const column = { isTensor: true, type: 'float32', shape: ['N', 1] };
  expect(session.inputMetadata).toEqual(names.map((name) => ({ name, ...column })));
  expect(session.outputMetadata).toEqual([{ name: 'probability', ...column }]);
  await session.release();
});

it('agrees with the trees to within a millionth', async () => {
  const answers = await runModel(await exportOnnx(forest, names), rows.columns);
  expect(answers).toHaveLength(3000);
  expect(largestDifference(answers, scoreRows(forest, rows.columns))).toBeLessThan(1e-6);
});

it('agrees on the edges themselves, next to them, and where values are missing or infinite', async () => {
  const edges = forest.trees.flatMap(({ threshold, left }) => threshold.filter((_, node) => left[node] !== 0));
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  const values = Float32Array.from([
    ...edges,
    ...edges.map((edge) => edge + 1e-7),
    ...edges.map((e) => e - 1e-7),
    ...odd,
  ]);
  const columns = [values, values.toReversed()];
  const answers = await runModel(await exportOnnx(forest, names), columns);
  expect(largestDifference(answers, scoreRows(forest, columns))).toBeLessThan(1e-6);
});

it('writes a model of one feature and one leaf', async () => {
  const leaf: Forest = {
    base: -1,
    trees: [{ feature: [0], threshold: [0], left: [0], right: [0], value: [0.25] }],
  };
  const [answer] = await runModel(await exportOnnx(leaf, ['a']), [Float32Array.from([5])]);
  expect(answer).toBeCloseTo(1 / (1 + Math.exp(0.75)), 6);
});

it('writes the same bytes for the same trees', async () => {
  expect(await exportOnnx(trainOn(rows).forest, names)).toEqual(await exportOnnx(forest, names));
});
