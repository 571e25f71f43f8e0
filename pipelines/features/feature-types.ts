import { z } from 'zod';

/** Types of keys and features in definition files. Times are UTC without an offset; a date is midnight when compared with a time. */
export const valueTypeSchema = z.enum(['string', 'int', 'float', 'double', 'bool', 'date', 'timestamp']);
export type ValueType = z.infer<typeof valueTypeSchema>;
/** What may be a join key: types whose equal values have equal texts. */
export const keyTypeSchema = valueTypeSchema.extract(['string', 'int', 'bool', 'date']);

const sqlTypes: Record<ValueType, string> = {
  string: 'VARCHAR',
  int: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  bool: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

const integers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
const times = ['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE', 'DATE'];

/** Types of the engine that turn into each of ours without a change of value; `DECIMAL` and `ENUM` stand for all of theirs. */
const sources: Record<ValueType, readonly string[]> = {
  string: ['VARCHAR', 'ENUM', 'UUID'],
  int: integers,
  float: ['FLOAT', 'TINYINT', 'SMALLINT', 'UTINYINT', 'USMALLINT', 'DOUBLE', 'DECIMAL'],
  double: ['FLOAT', 'DOUBLE', 'DECIMAL', ...integers, 'UBIGINT', 'HUGEINT'],
  bool: ['BOOLEAN'],
  date: ['DATE'],
  timestamp: times,
};

/** What the engine calls a type. */
export function sqlType(type: ValueType): string {
  return sqlTypes[type];
}

/** True when a column of the engine's type `seen` can be taken for `type` without changing values. */
export function fitsType(seen: string, type: ValueType): boolean {
  return sources[type].includes(familyOf(seen));
}

/** True for a column whose values are moments: what event, created and row times must be. */
export function isTimeType(seen: string): boolean {
  return times.includes(familyOf(seen));
}

function familyOf(seen: string): string {
  const end = seen.indexOf('(');
  return end < 0 || seen.includes('[') ? seen : seen.slice(0, end);
}
