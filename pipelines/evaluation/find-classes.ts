import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';

/** More values than this are numbers or names and no classes. */
const mostClasses = 1000;
const numbers = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

export type Classes = {
  /** In the order of the scores. */
  names: readonly string[];
  /** SQL of the truth of a row as a number: the place of its class, or the number itself. Null where it is neither. */
  label: string;
};

/**
 * The classes of the target and how its values become numbers. Of a multiclass task they are what policy lists, or the
 * sorted values of the rows; of a binary one 0 and 1, or the two that policy lists. Throws `holdout-labels-invalid`.
 */
export async function findClasses(
  policy: ModelConfig,
  { type, rows }: { type: string; rows: string },
  tables: Tables,
): Promise<Classes> {
  const { target, labels = [] } = policy.holdout;
  const column = quoteName(target);
  const plain = `TRY_CAST(${column} AS DOUBLE)`;
  if (policy.task === 'multilabel') return { names: labels, label: plain };
  if (policy.task === 'multiclass' || (policy.task === 'binary' && policy.classes !== undefined)) {
    const names = policy.classes?.map(String) ?? (await sortedValues(policy, rows, tables));
    return { names, label: placeOf(column, type, names) };
  }
  return { names: policy.task === 'binary' ? ['0', '1'] : [], label: plain };
}

/** Numbers are compared as numbers, so that a class 3 is also found as 3.0; anything else as text. */
function placeOf(column: string, type: string, names: readonly string[]): string {
  const isNumber = numbers.test(type) && names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  const list = names.map((name) => (isNumber ? `CAST(${quoteText(name)} AS DOUBLE)` : quoteText(name))).join(', ');
  const value = isNumber ? `CAST(${column} AS DOUBLE)` : `CAST(${column} AS VARCHAR)`;
  return `CAST(list_position([${list}], ${value}) - 1 AS DOUBLE)`;
}

async function sortedValues({ holdout }: ModelConfig, rows: string, tables: Tables): Promise<string[]> {
  const { target, data } = holdout;
  const column = quoteName(target);
  const found = await tables.query(
    `SELECT CAST(value AS VARCHAR) AS name FROM (SELECT DISTINCT ${column} AS value FROM ${rows}) ORDER BY value LIMIT ${mostClasses + 1}`,
  );
  if (found.length <= mostClasses) return found.map(({ name }) => String(name));
  throw new PulltrainError('holdout-labels-invalid', {
    what: 'the target has too many values to be classes',
    where: `${target} of ${data}`,
    allowed: `${mostClasses} classes at most`,
  });
}
