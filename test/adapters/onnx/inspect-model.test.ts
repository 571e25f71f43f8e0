import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectModel } from '../../../adapters/onnx/inspect-model.ts';
import { PulltrainError } from '../../../pipelines/errors.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';

/** A length-delimited protobuf field; these messages are short. */
function field(number: number, ...payload: (Uint8Array | string)[]): Buffer {
  const bytes = Buffer.concat(payload.map((part) => Buffer.from(part)));
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  const tag = number * 8 + 2;
  return Buffer.concat([
    Uint8Array.from(tag < 128 ? [tag] : [(tag & 0x7f) | 0x80, tag >> 7]),
    Uint8Array.from(length),
    bytes,
  ]);
}
const graph = (...parts: Uint8Array[]) => field(7, ...parts);
const externalTensor = Buffer.concat([field(8, 'weights'), field(13, field(1, 'location'), field(2, '../secrets'))]);
const codeOf = (bytes: Uint8Array) => {
  try {
    inspectModel(bytes);
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof PulltrainError) return thrown.code;
    throw thrown;
  }
};

describe('a model file is looked through before a runtime opens it', () => {
  test('an ordinary model passes', () => {
    expect(codeOf(buildLogisticModel({ inputs: ['x'], weights: [1], bias: 0 }))).toBe('accepted');
    expect(codeOf(Buffer.concat([graph(field(1, field(7, 'ai.onnx.ml'))), field(8, field(1, 'ai.onnx.ml'))]))).toBe(
      'accepted',
    );
  });

  test.each([
    ['an operator of a custom domain', graph(field(1, field(7, 'com.attacker')))],
    ['an operator set of a custom domain', Buffer.concat([graph(), field(8, field(1, 'com.attacker'))])],
    ['a function of a custom domain', Buffer.concat([graph(), field(25, field(10, 'com.attacker'))])],
    ['an operator inside a function', Buffer.concat([graph(), field(25, field(7, field(7, 'com.attacker')))])],
    ['an operator inside a branch', graph(field(1, field(5, field(6, field(1, field(7, 'com.attacker'))))))],
    ['weights in another file', graph(field(5, externalTensor))],
    ['a data location of its own', graph(field(5, Uint8Array.of(14 * 8, 1)))],
    ['sparse weights in another file', graph(field(15, field(1, externalTensor)))],
    ['a constant in another file', graph(field(1, field(5, field(5, externalTensor))))],
    ['training weights in another file', Buffer.concat([graph(), field(20, field(2, field(5, externalTensor)))])],
  ])('%s is refused', (_, bytes) => {
    expect(codeOf(bytes)).toBe('model-refused');
  });

  test('a length that is negative is no model, and no way back', () => {
    const minusThree = Uint8Array.of(0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    expect(codeOf(Buffer.concat([Uint8Array.of(0x3a), minusThree, graph()]))).toBe('model-not-onnx');
    expect(codeOf(Buffer.concat([minusThree, graph()]))).toBe('model-not-onnx');
  });

  test('graphs nested without end are refused', () => {
    let inner = field(1);
    for (let level = 0; level < 40; level += 1) inner = field(1, field(5, field(6, inner)));
    expect(codeOf(graph(inner))).toBe('model-refused');
  });

  test('whatever is cut off or scrambled is an error and never a crash', () => {
    const good = buildLogisticModel({ inputs: ['x', 'y'], weights: [1, 2], bias: 0 });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = value;
        expect(['accepted', 'model-not-onnx', 'model-refused']).toContain(codeOf(bytes.subarray(0, length)));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(['accepted', 'model-not-onnx', 'model-refused']).toContain(codeOf(bytes));
      }),
    );
  });
});
