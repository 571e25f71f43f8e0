import { Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor } from '../../pipelines/ports/scorer.ts';

/** Element types that one table column can fill. */
export const supportedTypes = ['float32', 'float64', 'int32', 'int64', 'bool', 'string'] as const;

/** One column as a tensor of the input's own type, `[N]` or `[N,1]` as the input declares. */
export function toTensor(input: ModelTensor, column: Float64Array | readonly string[]): Tensor {
  const shape = input.shape.length === 1 ? [column.length] : [column.length, 1];
  if (input.type === 'string') return new Tensor('string', Array.from(column, String), shape);
  if (!(column instanceof Float64Array)) throw mismatch(input, 'text');
  switch (input.type) {
    case 'float32':
      return new Tensor('float32', Float32Array.from(column), shape);
    case 'float64':
      return new Tensor('float64', column.slice(), shape);
    case 'bool':
      return new Tensor(
        'bool',
        Uint8Array.from(column, (value) => (value === 0 ? 0 : 1)),
        shape,
      );
    case 'int32':
      return new Tensor('int32', Int32Array.from(integers(input, column)), shape);
    case 'int64':
      return new Tensor('int64', BigInt64Array.from(integers(input, column), BigInt), shape);
    default:
      throw mismatch(input, 'a number');
  }
}

function integers(input: ModelTensor, column: Float64Array): Float64Array {
  const bad = column.find((value) => !Number.isSafeInteger(value));
  if (bad !== undefined) throw mismatch(input, Number.isNaN(bad) ? 'a missing value' : String(bad));
  return column;
}

function mismatch(input: ModelTensor, seen: string): PulltrainError {
  return new PulltrainError('model-inputs-mismatch', {
    what: `the holdout cannot fill input ${input.name} of type ${input.type}`,
    seen,
  });
}
