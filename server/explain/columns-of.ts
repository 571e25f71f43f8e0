import type { FeatureColumns } from '../../pipelines/explanation/predictor.ts';
import type { Port, RuntimeTensor } from '../models/worker-messages.ts';
import type { TensorData } from '../protocol/datatypes.ts';
import { arrays, datatypeOf, datatypes } from '../protocol/datatypes.ts';

/** Tensors of single columns as columns: numbers of any type as doubles. */
export function columnsOf(ports: readonly Port[], feeds: Record<string, RuntimeTensor>): FeatureColumns {
  return Object.fromEntries(
    ports.map(({ name }) => {
      const data = feeds[name]?.data ?? [];
      if (Array.isArray(data)) return [name, data];
      return [name, Float64Array.from(Array.from<number | bigint>(data), Number)];
    }),
  );
}

/** The way back, for the rows from `from` to `to`, in the types and shapes that the model wants. */
export function feedsOf(
  ports: readonly Port[],
  columns: FeatureColumns,
  [from, to]: readonly [from: number, to: number],
): Record<string, RuntimeTensor> {
  const rows = to - from;
  return Object.fromEntries(
    ports.flatMap(({ name, type, shape }) => {
      const datatype = datatypeOf(type);
      if (datatype === undefined) return [];
      const runtime = datatypes[datatype];
      const column = (columns[name] ?? []).slice(from, to);
      const data = column instanceof Float64Array ? toData(runtime, column) : [...column];
      return [[name, { type: runtime, dims: shape.length === 1 ? [rows] : [rows, 1], data }]];
    }),
  );
}

function toData(type: RuntimeTensor['type'], column: Float64Array): TensorData {
  switch (type) {
    case 'string':
      return Array.from(column, String);
    case 'int64':
    case 'uint64':
      return arrays[type].from(Array.from(column, (value) => BigInt(Math.trunc(value))));
    default:
      return arrays[type].from(column);
  }
}
