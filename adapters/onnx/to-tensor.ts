import { Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor } from '../../pipelines/ports/scorer.ts';
import type { Frame } from './frames.ts';
import { frameKinds } from './frames.ts';

/** The column of one frame as a tensor of the input's own type, `[N]` or `[N,1]` as the input declares. */
export function toTensor(input: ModelTensor, { kind, payload }: Frame): Tensor {
  const shape = (length: number) => (input.shape.length === 1 ? [length] : [length, 1]);
  if (kind === frameKinds.texts) {
    const texts: string[] = JSON.parse(payload.toString('utf8'));
    return new Tensor('string', texts, shape(texts.length));
  }
  // Copied, so that the numbers are aligned.
  const bytes = new Uint8Array(payload);
  switch (input.type) {
    case 'float32':
      return new Tensor('float32', new Float32Array(bytes.buffer), shape(bytes.length / 4));
    case 'float64':
      return new Tensor('float64', new Float64Array(bytes.buffer), shape(bytes.length / 8));
    case 'int32':
      return new Tensor('int32', new Int32Array(bytes.buffer), shape(bytes.length / 4));
    case 'int64':
      return new Tensor('int64', new BigInt64Array(bytes.buffer), shape(bytes.length / 8));
    case 'bool':
      return new Tensor('bool', bytes, shape(bytes.length));
    default:
      throw new PulltrainError('model-inputs-mismatch', { what: `input ${input.name} is of type ${input.type}` });
  }
}
