import { z } from 'zod';
import type { ColumnRules, ColumnType, DataSchema } from '../../contracts/data-schema.ts';
import type { TableReading } from '../../contracts/table-reading.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { askTable } from '../ask-table.ts';
import { countWhere } from '../count-where.ts';
import { readTable, type TableColumn } from '../read-table.ts';
import { inferReading } from './infer-reading.ts';
import { slackBounds } from './slack-bounds.ts';
import { kindOf, typedValue } from './typed-value.ts';

/** A text column with at most so many values is a list of categories, when each comes often enough. */
const mostCategories = 50;
const leastTimes = 20;
/** Fewer rows say nothing about what must be unique or never missing. */
const leastRows = 50;

/** Rules of one column as a person would write them. */
export type DraftColumn = Partial<Pick<ColumnRules, 'type' | 'missing' | 'min' | 'max' | 'values' | 'pattern'>> &
  Partial<Pick<ColumnRules, 'max_length' | 'unique'>>;
export type DraftSchema = {
  version: 1;
  read?: Partial<TableReading>;
  rows?: { min: number };
  columns: Record<string, DraftColumn>;
  undeclared: DataSchema['undeclared'];
};

type Source = { from: string; textual: boolean; rows: number };
const statisticsSchema = z.array(z.record(z.string(), z.union([z.number(), z.string(), z.null()])));

/**
 * A schema that the table holds, drawn from every row: types, missing values, ranges with room, categories, uniqueness. Two
 * scans, and one more for each column that looks unique or like categories.
 */
export async function inferSchema(tables: Tables, file: string, given: TableReading): Promise<DraftSchema> {
  const reading = await inferReading(tables, file, given);
  const { from, columns, textual } = await readTable(tables, file, reading, { text: true });
  const aggregates = columns.flatMap((column, index) =>
    Object.entries(statistics(column, textual)).map(([name, sql]) => `${sql} AS ${name}_${index}`),
  );
  return askTable(async () => {
    const sql = `SELECT ${['count(*) AS "rows"', ...aggregates].join(', ')} FROM ${from}`;
    const [found = {}] = statisticsSchema.parse(await tables.query(sql));
    const source = { from, textual, rows: Number(found.rows ?? 0) };
    const drafts: [string, DraftColumn][] = [];
    for (const [index, column] of columns.entries()) {
      const fact = (name: string) => found[`${name}_${index}`] ?? null;
      drafts.push([column.name, await draftColumn(column, fact, source, tables)]);
    }
    const read = toldReading(reading);
    return {
      version: 1,
      ...(Object.keys(read).length === 0 ? {} : { read }),
      ...(source.rows < leastRows ? {} : { rows: { min: Math.floor(source.rows / 2) } }),
      columns: Object.fromEntries(drafts),
      undeclared: 'warn',
    };
  }, file);
}

function statistics({ name, type }: TableColumn, textual: boolean): Record<string, string> {
  const column = quoteName(name);
  const { missing } = typedValue(column, type, undefined, textual);
  const common = { missing: countWhere(missing), distinct: `approx_count_distinct(${column})` };
  const kind = kindOf(type);
  if (kind === 'text') {
    const fits = (declared: ColumnType) => `count(${typedValue(column, type, declared, true).value})`;
    const number = typedValue(column, type, 'number', true);
    return {
      ...common,
      longest: `max(length(CAST(${column} AS VARCHAR)))`,
      code: countWhere(`regexp_full_match(CAST(${column} AS VARCHAR), '[A-Z]+')`),
      shortest: `min(length(CAST(${column} AS VARCHAR)))`,
      ...(textual
        ? {
            padded: countWhere(`regexp_matches(${column}, '^\\s*0\\d')`),
            nan: countWhere(number.missing),
            truth: countWhere(`lower(${column}) IN ('true', 'false')`),
            integer: fits('integer'),
            number: fits('number'),
            date: fits('date'),
            timestamp: fits('timestamp'),
            low: `min(${number.value})`,
            high: `max(${number.value})`,
            first: `CAST(min(TRY_CAST(${column} AS TIMESTAMP)) AS VARCHAR)`,
          }
        : {}),
    };
  }
  if (kind === 'integer' || kind === 'float' || kind === 'decimal') {
    const { value } = typedValue(column, type, 'number', textual);
    return {
      ...common,
      low: `CAST(min(${value}) AS DOUBLE)`,
      high: `CAST(max(${value}) AS DOUBLE)`,
      number: `count(${value})`,
    };
  }
  if (kind === 'date' || kind === 'timestamp') {
    return { ...common, first: `CAST(CAST(min(${column}) AS TIMESTAMP) AS VARCHAR)` };
  }
  return common;
}

type Fact = (name: string) => string | number | null;

async function draftColumn(column: TableColumn, fact: Fact, source: Source, tables: Tables): Promise<DraftColumn> {
  const { rows } = source;
  const count = (name: string) => Number(fact(name) ?? 0);
  const type = draftType(column.type, count, rows);
  const missing = type === 'number' ? Math.max(count('missing'), count('nan')) : count('missing');
  const there = rows - missing;
  const draft: DraftColumn = {
    ...(type === undefined ? {} : { type }),
    ...(rows < leastRows ? {} : { missing: roomForMissing(missing / rows) }),
  };
  if (there === 0) return draft;
  const low = fact('low');
  const high = fact('high');
  if ((type === 'integer' || type === 'number') && low !== null && high !== null) {
    Object.assign(draft, boundsOf(Number(low), Number(high), { type, distinct: count('distinct'), there }));
  }
  const first = fact('first');
  if ((type === 'date' || type === 'timestamp') && first !== null) {
    draft.min = String(first).slice(0, 10);
  }
  const distinct = count('distinct');
  if (type === 'text' && distinct <= mostCategories && there >= leastTimes * distinct) {
    const values = await categories(column.name, source, tables);
    if (values !== null && there >= leastTimes * values.length) return { ...draft, values };
  }
  if (type === 'text') Object.assign(draft, textRules(count, there));
  // The engine's quick count is a few percent off, so that only the exact one decides.
  const mayBeKey = type === 'text' || type === 'integer' || type === undefined;
  if (mayBeKey && there >= leastRows && distinct > 0.8 * there && (await isUnique(column.name, source, tables))) {
    draft.unique = true;
  }
  return draft;
}

function draftType(type: string, count: (name: string) => number, rows: number): ColumnType | undefined {
  const kind = kindOf(type);
  if (kind === 'integer' || kind === 'boolean' || kind === 'date' || kind === 'timestamp') return kind;
  if (kind === 'float' || kind === 'decimal') return 'number';
  if (kind !== 'text') return undefined;
  const there = rows - count('missing');
  if (there === 0) return undefined;
  if (count('padded') === 0) {
    if (count('integer') === there) return 'integer';
    if (count('number') > 0 && count('number') === rows - count('nan')) return 'number';
  }
  if (count('truth') === there) return 'boolean';
  if (count('date') === there) return 'date';
  return count('timestamp') === there ? 'timestamp' : 'text';
}

function boundsOf(
  low: number,
  high: number,
  { type, distinct, there }: { type: ColumnType; distinct: number; there: number },
): { min: number; max: number } {
  // Months, hours, grades: nearly every value between the ends was seen, and often, so that the ends are ends.
  const places = high - low + 1;
  const isClosed = places <= mostCategories && distinct >= 0.9 * places && there >= leastTimes * places;
  if (type === 'integer' && isClosed) return { min: low, max: high };
  const { min, max } = slackBounds(low, high);
  return type === 'integer' ? { min: Math.floor(min), max: Math.ceil(max) } : { min, max };
}

/** Twice what was seen and one percent more; none where none was missing. */
function roomForMissing(share: number): number {
  return share === 0 ? 0 : Math.min(1, Math.ceil(100 * (2 * share + 0.01)) / 100);
}

function textRules(count: (name: string) => number, there: number): Pick<DraftColumn, 'pattern' | 'max_length'> {
  const longest = count('longest');
  const isCode = count('code') === there && count('shortest') === longest && longest <= 12;
  return isCode ? { pattern: `[A-Z]{${longest}}` } : { max_length: 2 * longest };
}

async function categories(name: string, { from }: Source, tables: Tables): Promise<string[] | null> {
  const column = quoteName(name);
  const found = await tables.query(
    `SELECT DISTINCT CAST(${column} AS VARCHAR) AS value FROM ${from} WHERE ${column} IS NOT NULL ORDER BY value LIMIT ${mostCategories + 1}`,
  );
  return found.length > mostCategories ? null : found.map(({ value }) => String(value));
}

async function isUnique(name: string, { from }: Source, tables: Tables): Promise<boolean> {
  const column = quoteName(name);
  const [row] = await tables.query(`SELECT count(${column}) = count(DISTINCT ${column}) AS yes FROM ${from}`);
  return row?.yes === true;
}

/** Only what is not the way a file is read anyway. */
function toldReading(reading: TableReading): Partial<TableReading> {
  const { missing, trim, ...rest } = reading;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(missing.length === 0 ? {} : { missing }),
    ...(trim ? { trim } : {}),
  };
}
