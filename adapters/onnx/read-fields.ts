import { PulltrainError } from '../../pipelines/errors.ts';

/** One field of a protobuf message: bytes for length-delimited ones, a number (exact to 2^53) for varints. */
export type Field = { number: number; value: Uint8Array | number | null };

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Walks the fields of one protobuf message; anything that is not well formed throws `model-not-onnx`. */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 10; shift += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw malformed('a number that is cut off');
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw malformed('a number that is too long');
  };
  const skip = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw malformed('a field that is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw malformed('a field without a number');
    const type = tag % 8;
    if (type === VARINT) yield { number, value: varint() };
    else if (type === DELIMITED) yield { number, value: skip(varint()) };
    else if (type === FIXED64 || type === FIXED32) {
      skip(type === FIXED64 ? 8 : 4);
      yield { number, value: null };
    } else throw malformed('a field of an unknown type');
  }
}

/** Numbers that were packed into one field, most of them a byte each. */
export function readVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    scale = 1;
  }
  return numbers;
}

function malformed(why: string): PulltrainError {
  return new PulltrainError('model-not-onnx', {
    what: 'the file is not an ONNX model',
    seen: why,
    cure: 'The last stage of the pipeline has to write one ONNX file.',
  });
}
