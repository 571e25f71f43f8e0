import type { FeatureColumns } from './predictor.ts';
import { takeColumns } from './take-columns.ts';

/** So many rows from the end, or all of them; those at the start of a sample are the ones that are explained. */
export function lastRows(columns: FeatureColumns, most: number): FeatureColumns {
  const rows = Object.values(columns)[0]?.length ?? 0;
  const count = Math.min(most, rows);
  return takeColumns(
    columns,
    Uint32Array.from({ length: count }, (_, at) => rows - count + at),
  );
}
