import type { TableColumn } from '../data/open-table.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { keySql } from './read-values.ts';

/** SQL of a number; NULL where it is missing, NaN or infinite. */
export function finiteSql(column: TableColumn): string {
  const number = `CAST(${quoteName(column.name)} AS DOUBLE)`;
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

export function truthSql(column: TableColumn, values: readonly string[]): string {
  const key = keySql(column);
  return `CASE WHEN ${key} IS NULL THEN NULL WHEN ${key} IN (${values.map(quoteText).join(', ')}) THEN 1 ELSE 0 END`;
}

export function thresholdSql(column: TableColumn, threshold: number | null): string {
  const score = finiteSql(column);
  return `CASE WHEN ${score} IS NULL THEN NULL WHEN ${score} >= CAST('${threshold}' AS DOUBLE) THEN 1 ELSE 0 END`;
}
