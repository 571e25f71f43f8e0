import { z } from 'zod';
import type { TopValues } from '../../contracts/data-profile.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteText } from '../../quote-sql.ts';
import type { ProfiledColumn } from './column-values.ts';
import { listed, orderTopValues } from './top-values.ts';

/** Longer texts are listed by their beginning and a hash of the whole. */
const longest = 120;
/** Distinct values of a sample past which only those that the sample has often are counted. */
const mostGrouped = 20_000;

const valueSchema = z.array(z.object({ value: z.string(), n: z.int().positive() }));

/** The most frequent values of a text column, with exact counts. */
export async function readTopValues(
  source: string,
  column: ProfiledColumn,
  sample: { source: string; share: number },
  tables: Tables,
): Promise<TopValues> {
  const shown = `CASE WHEN length(x) > ${longest} THEN left(x, ${longest - 20}) || '… ' || format('{:016x}', hash(x)) ELSE x END`;
  const counted = (from: string, where: string, limit: number) =>
    `SELECT ${shown} AS value, count(*) AS n FROM (SELECT ${column.value} AS x FROM ${from} AS source) WHERE x IS NOT NULL${where} GROUP BY x ORDER BY n DESC, value LIMIT ${limit}`;

  if (sample.share < 1) {
    const frequent = valueSchema.parse(await tables.query(counted(sample.source, '', mostGrouped + 1)));
    if (frequent.length > mostGrouped) {
      const chosen = frequent.slice(0, listed).filter(({ n, value }) => n > 1 && value.length <= longest);
      const list = chosen.map(({ value }) => quoteText(value)).join(', ');
      const values =
        chosen.length === 0
          ? []
          : valueSchema.parse(await tables.query(counted(source, ` AND x IN (${list})`, listed)));
      return { values: order(values), unlistedAtMost: unlistedBound(frequent[chosen.length]?.n ?? 1, sample.share) };
    }
  }
  const values = valueSchema.parse(await tables.query(counted(source, '', listed + 1)));
  return { values: order(values.slice(0, listed)), unlistedAtMost: values[listed]?.n ?? 0 };
}

function order(values: z.infer<typeof valueSchema>): TopValues['values'] {
  return orderTopValues(values.map(({ value, n }) => ({ value, count: n })));
}

/** What a value seen `n` times in a sample can be in the whole: its count and six standard errors (Poisson). */
function unlistedBound(n: number, share: number): number {
  return Math.ceil((n + 6 * Math.sqrt(n + 9) + 9) / share);
}
