import { PulltrainError } from '../../pipelines/errors.ts';

/** One field of a protobuf message: bytes for length-delimited ones, a signed number (exact to 2^53) for varints. */
export type Field = { number: number; value: Uint8Array | number | null };

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Walks the fields of one protobuf message; anything that is not well formed throws `model-not-onnx`. */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    const read = readVarint(bytes, at);
    at = read.next;
    return read.value;
  };
  const skip = (length: number): Uint8Array => {
    if (length < 0 || at + length > bytes.length) throw malformed('a field that is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number <= 0) throw malformed('a field without a number');
    const type = tag % 8;
    if (type === VARINT) yield { number, value: varint() };
    else if (type === DELIMITED) yield { number, value: skip(varint()) };
    else if (type === FIXED64 || type === FIXED32) {
      skip(type === FIXED64 ? 8 : 4);
      yield { number, value: null };
    } else throw malformed('a field of an unknown type');
  }
}

/** Numbers that were packed into one field. Throws `model-not-onnx`. */
export function readVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, next } = readVarint(bytes, at);
    numbers.push(value);
    at = next;
  }
  return numbers;
}

/** A number of 64 bits with its sign, exact to 2^53, and where the next field begins. */
function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let count = 0; count < 10; count += 1) {
    const byte = bytes[from + count];
    if (byte === undefined) throw malformed('a number that is cut off');
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte >= 0x80) continue;
    const next = from + count + 1;
    return { value: value < 2 ** 63 ? value : signed(bytes.subarray(from, next)), next };
  }
  throw malformed('a number that is too long');
}

function signed(bytes: Uint8Array): number {
  const whole = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
  return Number(BigInt.asIntN(64, whole));
}

function malformed(why: string): PulltrainError {
  return new PulltrainError('model-not-onnx', {
    what: 'the file is not an ONNX model',
    seen: why,
    cure: 'The last stage of the pipeline has to write one ONNX file.',
  });
}
