import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PulltrainError } from '../../../pipelines/errors.ts';
import type { Datatype } from '../../../server/protocol/datatypes.ts';
import { decodeTensor } from '../../../server/protocol/decode-tensor.ts';
import { readRequest } from '../../../server/protocol/read-request.ts';

describe('every datatype keeps its values and refuses those beyond its range', () => {
  const cases: [Datatype, unknown[], unknown[]][] = [
    ['BOOL', [true, false, 1, 0], [2]],
    ['UINT8', [0, 255], [256]],
    ['UINT16', [0, 65_535], [-1]],
    ['UINT32', [0, 2 ** 32 - 1], [2 ** 32]],
    ['UINT64', [0, Number.MAX_SAFE_INTEGER], [2 ** 53]],
    ['INT8', [-128, 127], [128]],
    ['INT16', [-32_768, 32_767], [0.5]],
    ['INT32', [-(2 ** 31), 2 ** 31 - 1], [2 ** 31]],
    ['INT64', [Number.MIN_SAFE_INTEGER, 7], [null]],
    ['FP32', [0.5, -2], ['x']],
    ['FP64', [0.1, 1e300], [{}]],
    ['BYTES', ['', 'ä\n'], [1]],
  ];
  test.each(cases)('%s', (datatype, good, bad) => {
    const decoded = decodeTensor('x', datatype, [good.length], good);
    const plain = JSON.parse(
      JSON.stringify([...decoded], (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
    );
    expect(plain).toEqual(good.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
    expect(() => decodeTensor('x', datatype, [1], bad)).toThrow(expect.objectContaining({ code: 'request-invalid' }));
  });
});

test('nested rows are read in row-major order', () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];
  expect(decodeTensor('x', 'FP32', [2, 2], rows)).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('whatever is sent, it is a request or a request-invalid', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const shaped = fc.record({
    inputs: fc.array(
      fc.record({
        name: value,
        shape: fc.array(fc.integer()),
        datatype: fc.constantFrom('FP32', 'INT64', 'BYTES', 'x'),
        data: fc.array(value),
      }),
    ),
  });
  fc.assert(
    fc.property(fc.oneof(value, shaped), (body) => {
      try {
        readRequest(body);
      } catch (fault) {
        expect(fault).toBeInstanceOf(PulltrainError);
        expect(fault).toMatchObject({ code: 'request-invalid' });
      }
    }),
  );
});
