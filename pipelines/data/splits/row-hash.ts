import { quoteName, quoteText } from '../../quote-sql.ts';

/**
 * SQL of a number in 0 .. 2⁶⁴ that depends on the seed and on what these columns hold: the first eight bytes, little end
 * first, of md5 over the seed and every value with its length before it. It is the same on every machine and for every
 * order of rows.
 */
export function rowHash(columns: readonly string[], seed: number): string {
  const values = columns.map((name) => {
    const text = `CAST(${quoteName(name)} AS VARCHAR)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  return `md5_number_upper(${[quoteText(`${seed};`), ...values].join(' || ')})`;
}

/** SQL of the hash below which lies a share of all rows; null for all of them. */
export function hashLimit(share: number): string | null {
  if (share >= 1) return null;
  return `${BigInt(Math.round(share * 2 ** 53)) * 2n ** 11n}::UBIGINT`;
}
