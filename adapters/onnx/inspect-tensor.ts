import { PulltrainError } from '../../pipelines/errors.ts';
import { readFields, readVarints } from './read-fields.ts';

/** Bytes that all sparse tensors of a model may unpack to: the runtime makes dense ones of them while it loads. */
const mostUnpacked = 2 ** 31;
const inAnotherFile = 1;

/** Tensors of a model so far: which lie in other files, what they unpack to, and how many are odd. */
export type Tensors = {
  external: Set<string>;
  odd: Set<string>;
  unpacked: number;
  /** Counts a sparse tensor by the shape that it has when it is unpacked. */
  sparse(message: Uint8Array): void;
  /** Throws `model-refused` for what cannot be let through. */
  require(): void;
};

export function noTensors(): Tensors {
  const tensors: Tensors = {
    external: new Set(),
    odd: new Set(),
    unpacked: 0,
    sparse(message) {
      const dims = dimsOf(message, 3);
      const size = sizeOf(dims);
      // Eight bytes for an element, whatever it is.
      if (Number.isNaN(size)) tensors.odd.add('(sparse)');
      else tensors.unpacked += 8 * size;
    },
    require() {
      if (tensors.external.size > 0) {
        throw refused('the model keeps data in another file', [...tensors.external].slice(0, 10).join(', '), {
          allowed: 'one self-contained file',
          cure: 'Save it in one: onnx.save_model(model, path, save_as_external_data=False), or torch.onnx.export(..., external_data=False).',
        });
      }
      if (tensors.odd.size > 0)
        throw refused('a tensor has an impossible shape', [...tensors.odd].slice(0, 10).join(', '));
      if (tensors.unpacked > mostUnpacked) {
        throw refused('sparse tensors unpack to too much', `${tensors.unpacked} bytes`, {
          allowed: `${mostUnpacked} bytes at most`,
        });
      }
    },
  };
  return tensors;
}

/** Looks at one TensorProto: its shape, and where its data lies. */
export function addTensor(tensors: Tensors, message: Uint8Array): void {
  let name = '(unnamed)';
  let location = '';
  let isExternal = false;
  for (const { number, value } of readFields(message)) {
    if (number === 14 && value === inAnotherFile) isExternal = true;
    if (!(value instanceof Uint8Array)) continue;
    if (number === 8) name = new TextDecoder().decode(value).slice(0, 100);
    if (number === 13) {
      isExternal = true;
      location ||= locationOf(value);
    }
  }
  if (isExternal) tensors.external.add(location === '' ? `tensor ${name}` : `tensor ${name} in ${location}`);
  const size = sizeOf(dimsOf(message, 1));
  if (!(size <= Number.MAX_SAFE_INTEGER)) tensors.odd.add(name);
}

/** Sizes of a shape, written one by one or packed. */
function dimsOf(message: Uint8Array, field: number): number[] {
  const dims: number[] = [];
  for (const { number, value } of readFields(message)) {
    if (number !== field) continue;
    if (typeof value === 'number') dims.push(value);
    else if (value !== null) dims.push(...readVarints(value));
  }
  return dims;
}

/** Elements of a shape; NaN where a size is negative. */
function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => (dim < 0 ? Number.NaN : size * dim), 1);
}

function locationOf(entry: Uint8Array): string {
  let key = '';
  let text = '';
  for (const { number, value } of readFields(entry)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 1) key = new TextDecoder().decode(value);
    if (number === 2) text = new TextDecoder().decode(value).slice(0, 200);
  }
  return key === 'location' ? text : '';
}

function refused(what: string, seen: string, more: { allowed?: string; cure?: string } = {}): PulltrainError {
  return new PulltrainError('model-refused', { what, seen, ...more });
}
