import type { ColumnKind, Hashed } from '../../contracts/data-profile.ts';
import { quoteName } from '../../quote-sql.ts';
import type { TableColumn } from '../open-table.ts';

/** A column of a table, and how SQL reads its values from rows called `source`. */
export type ProfiledColumn = {
  name: string;
  type: string;
  kind: ColumnKind;
  /** The column as it is. */
  raw: string;
  /** Finite DOUBLE of numbers and times (seconds since 1970 UTC), VARCHAR of the others, else NULL. */
  value: string;
};

/** Past this, neighbouring whole numbers are one and the same double. */
const exactIntegers = 2 ** 53;

export function profiledColumn({ name, type }: TableColumn): ProfiledColumn {
  const kind = kindOf(type);
  const raw = `source.${quoteName(name)}`;
  return { name, type, kind, raw, value: valueSql(raw, type, kind) };
}

export function isNumeric({ kind }: { kind: ColumnKind }): boolean {
  return kind === 'integer' || kind === 'number' || kind === 'time';
}

/** What is hashed to count distinct values and equal rows: the same for equal values of every type that can hold them. */
export function hashedSql(column: ProfiledColumn, extent: { min: number | null; max: number | null }): HashedColumn {
  const { kind, name, value } = column;
  if (kind === 'text' || kind === 'boolean') return { of: kind, sql: value };
  if (kind === 'time') return { of: 'time', sql: value };
  const beyond = Math.max(Math.abs(extent.min ?? 0), Math.abs(extent.max ?? 0)) >= exactIntegers;
  if (kind === 'integer' && beyond) return { of: 'bigint', sql: `CAST(source.${quoteName(name)} AS HUGEINT)` };
  return { of: 'number', sql: value };
}
export type HashedColumn = { of: Hashed; sql: string };

function kindOf(type: string): ColumnKind {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  return /^(DATE|TIMESTAMP)/.test(type) && !type.endsWith(']') ? 'time' : 'text';
}

function valueSql(column: string, type: string, kind: ColumnKind): string {
  if (kind === 'text' || kind === 'boolean') return `CAST(${column} AS VARCHAR)`;
  if (kind === 'time') return `CASE WHEN isfinite(${column}) THEN epoch(${column}) END`;
  if (type !== 'FLOAT' && type !== 'DOUBLE') return `CAST(${column} AS DOUBLE)`;
  return `CASE WHEN isfinite(${column}) THEN CAST(${column} AS DOUBLE) END`;
}
