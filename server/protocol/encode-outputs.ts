import type { RuntimeTensor } from '../models/worker-messages.ts';
import { datatypeOf } from './datatypes.ts';

/** Outputs as the protocol writes them; JSON has no NaN, so a missing number is null. */
export function encodeOutputs(outputs: Record<string, RuntimeTensor>) {
  return Object.entries(outputs).map(([name, { type, dims, data }]) => ({
    name,
    datatype: datatypeOf(type),
    shape: dims,
    data: Array.from<string | number | bigint, unknown>(data, (value) => {
      if (type === 'bool') return value === 1;
      return typeof value === 'bigint' ? Number(value) : value;
    }),
  }));
}
