import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encodeColumn } from '../../../adapters/onnx/encode-column.ts';
import { readFrames } from '../../../adapters/onnx/frames.ts';
import { requireColumns } from '../../../adapters/onnx/require-columns.ts';
import { chooseOutput, toAnswers, toScores } from '../../../adapters/onnx/to-scores.ts';
import { toTensor } from '../../../adapters/onnx/to-tensor.ts';
import type { ModelTensor } from '../../../pipelines/ports/scorer.ts';
import type { StreamedColumn } from '../../../pipelines/ports/tables.ts';

const input = (type: string, shape = [-1, 1]) => ({ name: 'x', type, shape });
const column = Float64Array.of(1, 0, 3);

/** Over the pipe and out of it again. */
async function sent(to: ModelTensor, values: StreamedColumn): Promise<Tensor> {
  async function* pipe() {
    yield Buffer.concat(encodeColumn(to, values));
  }
  for await (const frame of readFrames(pipe())) return toTensor(to, frame);
  throw new Error('nothing arrived');
}

describe('a column becomes a tensor of the type that the input wants', () => {
  test.each([
    ['float32', [1, 0, 3]],
    ['float64', [1, 0, 3]],
    ['int32', [1, 0, 3]],
    ['int64', [1n, 0n, 3n]],
    ['bool', [1, 0, 1]],
  ])('%s', async (type, data) => {
    const tensor = await sent(input(type), column);
    expect(tensor.type).toBe(type);
    expect(tensor.dims).toEqual([3, 1]);
    expect(Object.values(tensor.data)).toEqual(data);
  });

  test.each([
    ['float32', Float32Array.of(0.5, Number.NaN)],
    ['float64', Float64Array.of(1 / 3, Number.POSITIVE_INFINITY)],
    ['int32', Int32Array.of(-1, 2 ** 31 - 1)],
    ['int64', BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)],
    ['bool', Uint8Array.of(0, 1)],
  ])('%s is passed on to the last bit when it is that already', async (type, values) => {
    expect((await sent(input(type), values)).data).toEqual(values);
  });

  test('text, in one dimension where the input has one', async () => {
    const tensor = await sent(input('string', [-1]), ['a', 'b']);
    expect([tensor.type, tensor.dims, tensor.data]).toEqual(['string', [2], ['a', 'b']]);
  });

  test('fractions, gaps and what is too large are no integers, text is no number', () => {
    expect(() => encodeColumn(input('int64'), Float64Array.of(1.5))).toThrow(/type int64.*got 1.5/);
    expect(() => encodeColumn(input('int32'), Float64Array.of(Number.NaN))).toThrow(/a missing value/);
    expect(() => encodeColumn(input('int32'), BigInt64Array.of(2n ** 31n))).toThrow(/got 2147483648/);
    expect(() => encodeColumn(input('float32'), ['a'])).toThrow(/text/);
    expect(() => encodeColumn(input('string'), column)).toThrow(/numbers/);
    expect(() => encodeColumn(input('float16'), column)).toThrow(/float16/);
  });
});

describe('the output that holds the score', () => {
  const output = (name: string, type = 'float32') => ({ name, type, shape: [-1] });
  test('is the one named so, else the first of floats', () => {
    expect(chooseOutput([output('label', 'int64'), output('other'), output('probabilities')]).name).toBe(
      'probabilities',
    );
    expect(chooseOutput([output('probabilities'), output('probability')]).name).toBe('probability');
    expect(chooseOutput([output('label', 'int64'), output('score')]).name).toBe('score');
    expect(() => chooseOutput([output('label', 'int64')])).toThrow(/no output holds scores.*label: int64/);
    expect(() => chooseOutput([])).toThrow(/no outputs/);
  });

  test('is one column, or the second of two', () => {
    expect([...toScores(new Tensor('float32', [0.5, 0.25], [2]), 2)]).toEqual([0.5, 0.25]);
    expect([...toScores(new Tensor('float64', [0.5, 0.25], [2, 1]), 2)]).toEqual([0.5, 0.25]);
    expect([...toScores(new Tensor('float32', [0.75, 0.25, 0.5, 0.5], [2, 2]), 2)]).toEqual([0.25, 0.5]);
  });

  test('is every column where all of them are asked for', () => {
    const cells = [0.5, 0.25, 0.25, 1, 0, 0];
    expect(toAnswers(new Tensor('float32', cells, [2, 3]), 2, 'all')).toEqual({
      values: Float64Array.from(cells),
      width: 3,
    });
    // Two labels of three rows: no and yes of each.
    const labels = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5, 0.5, 0, 1);
    expect(toAnswers(new Tensor('float32', labels, [2, 3, 2]), 3, 'all')).toEqual({
      values: Float64Array.from(Float32Array.of(0.1, 0.4, 0.2, 0.5, 0.3, 1)),
      width: 2,
    });
    expect(toAnswers(new Tensor('float32', [1, 2], [2]), 2, 'all').width).toBe(1);
    expect(() => toAnswers(new Tensor('float32', [], [2, 0]), 2, 'all')).toThrow(/wrong shape/);
  });

  test.each([
    ['three classes', new Tensor('float32', new Float32Array(6), [2, 3])],
    ['another number of rows', new Tensor('float32', new Float32Array(3), [3])],
    ['integers', new Tensor('int32', new Int32Array(2), [2])],
    ['a cube', new Tensor('float32', new Float32Array(2), [2, 1, 1])],
  ])('%s are refused', (_, tensor) => {
    expect(() => toScores(tensor, 2)).toThrow(/wrong shape/);
  });
});

test('every fault of the inputs is told at once, with what there is', () => {
  const inputs = [
    { name: 'hour', type: 'float32', shape: [-1, 1] },
    { name: 'matrix', type: 'float32', shape: [-1, 7] },
    { name: 'one', type: 'float32', shape: [1, 1] },
    { name: 'half', type: 'float16', shape: [-1] },
  ];
  const columns = { matrix: column, one: column, half: column };
  expect(() => requireColumns(inputs, columns)).toThrow(
    /no column hour; input matrix has the shape \[N,7\]; input one has the shape \[1,1\]; input half is of type float16.*have matrix, one, half/,
  );
  expect(() => requireColumns([], columns)).toThrow(/no inputs/);
});
