import type { Datatype, TensorData } from './datatypes.ts';
import { requestInvalid } from './request-invalid.ts';

const integerRanges = {
  UINT8: [0, 2 ** 8 - 1],
  UINT16: [0, 2 ** 16 - 1],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-(2 ** 7), 2 ** 7 - 1],
  INT16: [-(2 ** 15), 2 ** 15 - 1],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

/**
 * Values of one input tensor, from a flat or nested JSON array in row-major order. `null` is a missing value and only
 * floats have one. Throws `request-invalid` for a count that the shape does not give and a value outside the datatype.
 */
export function decodeTensor(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  data: readonly unknown[],
): TensorData {
  const values: readonly unknown[] = Array.isArray(data[0]) ? data.flat(Math.max(0, shape.length - 1)) : data;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (values.length !== size) {
    throw requestInvalid(`input ${name} has the wrong number of values`, String(values.length), `${size} by its shape`);
  }
  const fault = (value: unknown) =>
    requestInvalid(`input ${name} holds a value that is not ${datatype}`, String(JSON.stringify(value)).slice(0, 80));
  switch (datatype) {
    case 'FP32':
      return Float32Array.from(values, (value) => toFloat(value, fault));
    case 'FP64':
      return Float64Array.from(values, (value) => toFloat(value, fault));
    case 'BOOL':
      return Uint8Array.from(values, (value) => toBit(value, fault));
    case 'BYTES':
      return values.map((value) => toText(value, fault));
    default:
      return toIntegers(datatype, values, fault);
  }
}

type Fault = (value: unknown) => Error;

function toIntegers(datatype: keyof typeof integerRanges, values: readonly unknown[], fault: Fault): TensorData {
  const [low, high] = integerRanges[datatype];
  const read = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) throw fault(value);
    return value;
  };
  switch (datatype) {
    case 'UINT8':
      return Uint8Array.from(values, read);
    case 'UINT16':
      return Uint16Array.from(values, read);
    case 'UINT32':
      return Uint32Array.from(values, read);
    case 'UINT64':
      return BigUint64Array.from(values, (value) => BigInt(read(value)));
    case 'INT8':
      return Int8Array.from(values, read);
    case 'INT16':
      return Int16Array.from(values, read);
    case 'INT32':
      return Int32Array.from(values, read);
    case 'INT64':
      return BigInt64Array.from(values, (value) => BigInt(read(value)));
  }
}

function toFloat(value: unknown, fault: Fault): number {
  if (value === null) return Number.NaN;
  if (typeof value !== 'number') throw fault(value);
  return value;
}

function toBit(value: unknown, fault: Fault): number {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw fault(value);
}

/** ONNX Runtime cuts a text at its first NUL without saying so. */
function toText(value: unknown, fault: Fault): string {
  if (typeof value !== 'string' || value.includes('\0')) throw fault(value);
  return value;
}
