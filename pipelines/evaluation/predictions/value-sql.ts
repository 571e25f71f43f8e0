import type { TableColumn } from '../../data/open-table.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;
/** What pandas and R write for a missing number. */
const markers = ['', 'NA', 'N/A', '#N/A', '<NA>', 'None', 'NULL', 'null'];

export function isNumber({ type }: TableColumn): boolean {
  return numeric.test(type);
}

/** SQL of a value as a number; NULL for what is none. */
export function numberSql({ name }: TableColumn): string {
  return `TRY_CAST(${quoteName(name)} AS DOUBLE)`;
}

/** SQL of a value as text, whole numbers without a fraction, so that 3 and 3.0 are one class. */
export function textSql(column: TableColumn): string {
  const value = quoteName(column.name);
  if (!/^(FLOAT|DOUBLE|DECIMAL)/.test(column.type)) return `CAST(${value} AS VARCHAR)`;
  const whole = `CAST(CAST(${value} AS BIGINT) AS VARCHAR)`;
  return `CASE WHEN ${value} = floor(${value}) AND abs(${value}) < 1e15 THEN ${whole} ELSE CAST(${value} AS VARCHAR) END`;
}

/** SQL that tells a missing value; `asNumber` counts the words that stand for a missing number. */
export function missingSql(column: TableColumn, asNumber: boolean): string {
  const value = quoteName(column.name);
  if (column.type === 'FLOAT' || column.type === 'DOUBLE') return `(${value} IS NULL OR isnan(${value}))`;
  if (column.type !== 'VARCHAR') return `${value} IS NULL`;
  const words = asNumber ? markers : [''];
  const list = words.map(quoteText).join(', ');
  const nan = asNumber ? ` OR coalesce(isnan(${numberSql(column)}), false)` : '';
  return `(${value} IS NULL OR trim(${value}) IN (${list})${nan})`;
}

/** SQL that tells a value that is there and is no finite number. */
export function notFiniteSql(column: TableColumn): string {
  const value = numberSql(column);
  return `(NOT ${missingSql(column, true)} AND (${value} IS NULL OR isinf(${value})))`;
}
