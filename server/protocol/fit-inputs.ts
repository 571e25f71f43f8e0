import type { Port, RuntimeTensor } from '../models/worker-messages.ts';
import { datatypeOf, datatypes } from './datatypes.ts';
import type { InferRequest, InputTensor } from './read-request.ts';
import { requestInvalid } from './request-invalid.ts';

/** The tensors that one version needs out of a request, in the shapes it wants. Names every fault at once. */
export function fitInputs(ports: readonly Port[], request: InferRequest): Record<string, RuntimeTensor> {
  const faults: string[] = [];
  const feeds: Record<string, RuntimeTensor> = {};
  for (const port of ports) {
    const given = request.inputs.get(port.name);
    const dims = given === undefined ? null : fitShape(port.shape, given.shape);
    if (given === undefined) faults.push(`input ${port.name} is missing`);
    else if (given.datatype !== datatypeOf(port.type)) faults.push(wrongType(port, given));
    else if (dims === null) faults.push(`input ${port.name} has shape ${show(given.shape)}, not ${show(port.shape)}`);
    else feeds[port.name] = { type: datatypes[given.datatype], dims, data: given.data };
  }
  if (faults.length > 0) throw requestInvalid(faults.join('; '));
  return feeds;
}

function wrongType(port: Port, given: InputTensor): string {
  return `input ${port.name} is ${given.datatype}, not ${datatypeOf(port.type) ?? port.type}`;
}

/** A column may come as `[N]` or `[N,1]`, whichever the model declares; everything else has to match. */
function fitShape(wanted: readonly number[], given: readonly number[]): readonly number[] | null {
  const matches = (dims: readonly number[]) =>
    dims.length === wanted.length && dims.every((size, at) => wanted[at] === -1 || wanted[at] === size);
  if (matches(given)) return given;
  const [rows = 0, width = 1] = given;
  if (given.length > 2 || width !== 1) return null;
  return [[rows], [rows, 1]].find(matches) ?? null;
}

function show(shape: readonly number[]): string {
  return `[${shape.map((size) => (size === -1 ? 'N' : size)).join(',')}]`;
}
