import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor } from '../../pipelines/ports/scorer.ts';
import type { StreamedColumn } from '../../pipelines/ports/tables.ts';
import { encodeFrame, frameKinds } from './frames.ts';

/** Element types that one table column can fill. */
export const supportedTypes = ['float32', 'float64', 'int32', 'int64', 'bool', 'string'] as const;

/**
 * One column as a frame of the input's own type, its two buffers in order. A column that has that type already is passed
 * on as it is. Throws `model-inputs-mismatch` for text in numbers, numbers in text, and what is no integer.
 */
export function encodeColumn(input: ModelTensor, column: StreamedColumn): [Buffer, Uint8Array] {
  if (input.type === 'string') {
    if (ArrayBuffer.isView(column)) throw mismatch(input, 'numbers');
    return encodeFrame(frameKinds.texts, Buffer.from(JSON.stringify(column)));
  }
  if (!ArrayBuffer.isView(column)) throw mismatch(input, 'text');
  const { buffer, byteOffset, byteLength } = convert(input, column);
  return encodeFrame(frameKinds.numbers, new Uint8Array(buffer, byteOffset, byteLength));
}

function convert(input: ModelTensor, column: NumberColumn): NumberColumn {
  const isBig = column instanceof BigInt64Array;
  switch (input.type) {
    case 'float32':
      if (column instanceof Float32Array) return column;
      return isBig ? Float32Array.from(column, Number) : new Float32Array(column);
    case 'float64':
      if (column instanceof Float64Array) return column;
      return isBig ? Float64Array.from(column, Number) : new Float64Array(column);
    case 'int64':
      return isBig ? column : BigInt64Array.from(integers(input, column, 2 ** 63), BigInt);
    case 'int32':
      if (column instanceof Int32Array) return column;
      return Int32Array.from(integers(input, numbersOf(column), 2 ** 31));
    case 'bool':
      if (column instanceof Uint8Array) return column;
      return Uint8Array.from(numbersOf(column), (value) => (value === 0 ? 0 : 1));
    default:
      throw mismatch(input, 'a column');
  }
}

type NumberColumn = Exclude<StreamedColumn, readonly string[]>;
type Plain = Exclude<NumberColumn, BigInt64Array>;

function numbersOf(column: NumberColumn): Plain {
  return column instanceof BigInt64Array ? Float64Array.from(column, Number) : column;
}

function integers(input: ModelTensor, column: Plain, end: number): Plain {
  for (const value of column) {
    if (Number.isInteger(value) && value < end && value >= -end) continue;
    throw mismatch(input, Number.isNaN(value) ? 'a missing value' : String(value));
  }
  return column;
}

function mismatch(input: ModelTensor, seen: string): PulltrainError {
  return new PulltrainError('model-inputs-mismatch', {
    what: `the rows cannot fill input ${input.name} of type ${input.type}`,
    seen,
  });
}
