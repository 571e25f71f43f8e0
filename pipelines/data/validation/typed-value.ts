import type { ColumnType } from '../../contracts/data-schema.ts';

export type TypedValue = {
  /** The value as its declared type, NULL where it is missing or is not of that type. */
  value: string;
  /** True for a row whose value is there and is not of the declared type. */
  bad: string;
  /** True for a row that has no value. */
  missing: string;
};

/**
 * SQL that takes the value of `raw`, an expression of the file's own type, as the type that a schema declares. Text of a
 * textual file is read as that type; elsewhere the file's own type has to be of the declared kind.
 */
export function typedValue(raw: string, type: string, declared: ColumnType | undefined, textual: boolean): TypedValue {
  const kind = kindOf(type);
  const missing = kind === 'float' ? `(${raw} IS NULL OR isnan(${raw}))` : `(${raw} IS NULL)`;
  const there = `NOT ${missing}`;
  if (declared === undefined) {
    return { value: kind === 'float' ? `CASE WHEN ${there} THEN ${raw} END` : raw, bad: 'FALSE', missing };
  }
  if (kind === 'text' && textual) return readText(raw, declared);
  const fits = fitting[declared];
  const target = targets[declared];
  if (!fits.includes(kind)) {
    return { value: `TRY_CAST(CAST(${raw} AS VARCHAR) AS ${target})`, bad: `(${there})`, missing };
  }
  if (declared === 'integer' && kind === 'float') {
    const whole = `${there} AND isfinite(${raw}) AND ${raw} = trunc(${raw})`;
    return {
      value: `CASE WHEN ${whole} THEN TRY_CAST(${raw} AS BIGINT) END`,
      bad: `(${there} AND NOT (${whole}))`,
      missing,
    };
  }
  if (declared === 'number' && kind === 'float') {
    const finite = `${there} AND isfinite(${raw})`;
    return {
      value: `CASE WHEN ${finite} THEN CAST(${raw} AS DOUBLE) END`,
      bad: `(${there} AND NOT (${finite}))`,
      missing,
    };
  }
  if (declared === 'date' && kind === 'timestamp') {
    return { value: `CAST(${raw} AS DATE)`, bad: `(${there} AND ${raw} <> date_trunc('day', ${raw}))`, missing };
  }
  if (declared === 'integer' && kind === 'decimal') {
    const whole = `${raw} = trunc(${raw})`;
    return { value: `CASE WHEN ${whole} THEN ${raw} END`, bad: `(${there} AND NOT (${whole}))`, missing };
  }
  // Whole numbers keep their own type: casting a column costs more than looking at it.
  const own = declared === kind || (declared === 'number' && kind === 'integer');
  return {
    value: own && type !== 'UUID' ? raw : `TRY_CAST(${raw} AS ${target})`,
    bad: 'FALSE',
    missing,
  };
}

const targets: Record<ColumnType, string> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

type Kind = 'integer' | 'float' | 'decimal' | 'text' | 'boolean' | 'date' | 'timestamp' | 'other';

const fitting: Record<ColumnType, readonly Kind[]> = {
  integer: ['integer', 'float', 'decimal'],
  number: ['integer', 'float', 'decimal'],
  text: ['text'],
  boolean: ['boolean'],
  date: ['date', 'timestamp'],
  timestamp: ['timestamp', 'date'],
};

/** Which kind of value a type of the engine holds. */
export function kindOf(type: string): Kind {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'integer';
  if (type === 'DOUBLE' || type === 'FLOAT') return 'float';
  if (type.startsWith('DECIMAL')) return 'decimal';
  if (type === 'VARCHAR' || type === 'UUID' || type.startsWith('ENUM')) return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'DATE') return 'date';
  if (type.startsWith('TIMESTAMP')) return 'timestamp';
  return 'other';
}

function readText(raw: string, declared: ColumnType): TypedValue {
  const missing = `(${raw} IS NULL)`;
  if (declared === 'text') return { value: raw, bad: 'FALSE', missing };
  const read = `TRY_CAST(${raw} AS ${targets[declared]})`;
  if (declared === 'number') {
    // NaN written out is a missing number, as in the frames that write it.
    const number = `CASE WHEN isfinite(${read}) THEN ${read} END`;
    const gone = `(${raw} IS NULL OR coalesce(isnan(${read}), FALSE))`;
    return { value: number, bad: `(NOT ${gone} AND NOT coalesce(isfinite(${read}), FALSE))`, missing: gone };
  }
  if (declared === 'integer') {
    // The engine rounds "3.7" to 4; most whole numbers show at a glance that they are.
    const plain = `NOT contains(${raw}, '.') AND NOT contains(lower(${raw}), 'e')`;
    const whole = `(${read} IS NOT NULL AND ((${plain}) OR TRY_CAST(${raw} AS DOUBLE) = CAST(${read} AS DOUBLE)))`;
    return { value: `CASE WHEN ${whole} THEN ${read} END`, bad: `(${raw} IS NOT NULL AND NOT ${whole})`, missing };
  }
  if (declared === 'date') {
    const day = `(${read} IS NOT NULL AND regexp_full_match(${raw}, '\\s*\\d{4}-\\d{2}-\\d{2}([ T]00:00(:00(\\.0+)?)?)?\\s*'))`;
    return { value: `CASE WHEN ${day} THEN ${read} END`, bad: `(${raw} IS NOT NULL AND NOT ${day})`, missing };
  }
  return { value: read, bad: `(${raw} IS NOT NULL AND ${read} IS NULL)`, missing };
}
