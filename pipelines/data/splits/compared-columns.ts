import { PulltrainError } from '../../errors.ts';
import { quoteName } from '../../quote-sql.ts';
import type { ReadableTable } from '../read-table.ts';
import { kindOf } from '../validation/typed-value.ts';

/** A column that two tables share, with SQL for its value that is the same in both whenever the values are. */
export type ComparedColumn = {
  name: string;
  isNumber: boolean;
  /** Exactly equal values; numbers as numbers, everything else as trimmed text. */
  exact: string;
  /** Equal after rounding numbers to three digits, and text without regard to case, blanks and accents' spelling. */
  rounded: string;
};

/** The columns that both tables have, without those to ignore. Throws `columns-differ` when there are none. */
export function comparedColumns(
  train: ReadableTable,
  holdout: ReadableTable,
  ignore: readonly string[],
): ComparedColumn[] {
  const types = new Map(train.columns.map(({ name, type }) => [name, type]));
  const shared = holdout.columns.filter(({ name }) => types.has(name) && !ignore.includes(name));
  if (shared.length === 0) {
    throw new PulltrainError('columns-differ', {
      what: 'the two tables have no column in common',
      seen: `${train.columns
        .map(({ name }) => name)
        .slice(0, 10)
        .join(', ')} and ${holdout.columns
        .map(({ name }) => name)
        .slice(0, 10)
        .join(', ')}`,
    });
  }
  return shared.map(({ name, type }) => {
    const column = quoteName(name);
    const isNumber = [type, types.get(name) ?? ''].every(isNumeric);
    return isNumber ? { name, isNumber, ...number(column) } : { name, isNumber, ...text(column) };
  });
}

function isNumeric(type: string): boolean {
  const kind = kindOf(type);
  return kind === 'integer' || kind === 'float' || kind === 'decimal';
}

function number(column: string): { exact: string; rounded: string } {
  // Adding zero makes minus zero zero.
  const value = `CAST(${column} AS DOUBLE) + 0.0`;
  const digits = `CAST(2 - floor(log10(abs(${value}))) AS INTEGER)`;
  return {
    exact: value,
    rounded: `CASE WHEN ${value} = 0 OR NOT isfinite(${value}) THEN ${value} ELSE round(${value}, ${digits}) END`,
  };
}

function text(column: string): { exact: string; rounded: string } {
  const value = `trim(CAST(${column} AS VARCHAR))`;
  return { exact: value, rounded: `regexp_replace(lower(nfc_normalize(${value})), '\\s+', ' ', 'g')` };
}

/** SQL of a 64-bit number for the values of these columns, each with its place. */
export function joinedHash(values: readonly string[]): string {
  return values.map(hashAt).reduce((left, right) => `xor(${left}, ${right})`);
}

/**
 * SELECT over `from` of `key`, the number of all values together, and with `butOne` a list of it and of the numbers of all
 * values but one. Each value is hashed once: a hash that is joined by xor can be taken out again.
 */
export function hashedRows(
  from: string,
  values: readonly string[],
  butOne: boolean,
  beside: readonly string[] = [],
): string {
  const extra = (names: readonly string[]) => names.map((name) => `, ${name}`).join('');
  const names = beside.map((one) => one.slice(one.lastIndexOf(' ') + 1));
  const hashes = values.map((value, index) => `${hashAt(value, index)} AS h${index}`);
  const joined = values.map((_, index) => `h${index}`).reduce((left, right) => `xor(${left}, ${right})`);
  const others = butOne ? values.map((_, index) => `hash(${index}, xor(k, h${index}))`) : [];
  return `SELECT k AS key, [${['k', ...others].join(', ')}] AS keys${extra(names)} FROM (SELECT *, ${joined} AS k FROM (SELECT ${hashes.join(', ')}${extra(beside)} FROM ${from}))`;
}

/** Hashed once more: the engine joins two hashes by xor, so that without it values could change places or cancel out. */
function hashAt(value: string, index: number): string {
  return `hash(hash(${index}, ${value}))`;
}
