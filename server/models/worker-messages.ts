import type { RuntimeType, TensorData } from '../protocol/datatypes.ts';

/** A tensor as the runtime takes it; strings travel as arrays, everything else as typed arrays. */
export type RuntimeTensor = { type: RuntimeType; dims: readonly number[]; data: TensorData };

/** One input or output of a model; -1 for a dimension that is free. */
export type Port = { name: string; type: string; shape: readonly number[] };

export type WorkerRequest =
  | { kind: 'load'; bytes: Uint8Array }
  | { kind: 'run'; id: number; feeds: Record<string, RuntimeTensor>; rows: number; outputs: readonly string[] }
  | { kind: 'close' };

export type WorkerAnswer =
  | { kind: 'loaded'; inputs: Port[]; outputs: Port[] }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'ran'; id: number; outputs: Record<string, RuntimeTensor>; scores: Float64Array }
  | { kind: 'failed'; id: number; message: string };
