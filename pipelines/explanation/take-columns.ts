import { take } from '../statistics/take.ts';
import type { FeatureColumn, FeatureColumns } from './predictor.ts';

/** The given rows of every column, in their order. */
export function takeColumns(columns: FeatureColumns, rows: Uint32Array): FeatureColumns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, takeColumn(column, rows)]));
}

export function takeColumn(column: FeatureColumn, rows: Uint32Array): FeatureColumn {
  return column instanceof Float64Array ? take(column, rows) : Array.from(rows, (row) => column[row] ?? '');
}
