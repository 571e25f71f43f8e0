import type { Tables } from '../ports/tables.ts';
import { quoteText } from '../quote-sql.ts';

/**
 * SQL for the place of a text among `names`, counted from 0; NULL for any other text. An enumeration, because looking
 * through a list of 200 names for every row takes three times as long.
 */
export function placeAmong(names: readonly string[], text: string): string {
  if (names.length === 0) return 'NULL';
  return `enum_code(TRY_CAST(${text} AS ENUM(${names.map(quoteText).join(', ')})))`;
}

/** The place of every row's text among `names`, in row order; NaN for a text that is not among them. */
export async function readPlaces(
  names: readonly string[],
  text: string,
  relation: string,
  tables: Tables,
): Promise<Float64Array> {
  const { code = new Float64Array() } = await tables.columns(
    `SELECT ${placeAmong(names, text)} AS code FROM ${relation}`,
    ['code'],
  );
  return code;
}
