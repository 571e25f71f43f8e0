import { quoteName } from '../quote-sql.ts';

/** A quoted column name that none of `names` takes, the same for the same word; the engine does not tell capitals apart. */
export function spareName(names: readonly string[], word: string): string {
  let mark = '~';
  while (names.some((name) => name.startsWith(mark))) mark += '~';
  return quoteName(`${mark}${word}`);
}
