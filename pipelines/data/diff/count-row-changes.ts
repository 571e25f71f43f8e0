import type { DataDiff } from '../../contracts/data-diff.ts';
import type { Tables } from '../../ports/tables.ts';
import type { ProfiledColumn } from '../profile/column-values.ts';
import { rowHashSql } from '../profile/read-row-sketch.ts';
import type { DiffSide } from './diff-tables.ts';

/** Rows of both tables together that are compared one by one; of more, those whose hash chooses them in both. */
const mostRows = 1_000_000;
const keptRows = 65_536;

/**
 * Rows that only one table has, equal rows counted. Equal rows have one hash, so a sample by hash takes them from both tables
 * or from neither, and its differences times its size estimate those of the whole.
 */
export async function countRowChanges(
  base: DiffSide,
  head: DiffSide,
  {
    pairs,
    rows,
  }: { pairs: readonly { base: ProfiledColumn; head: ProfiledColumn }[]; rows: { base: number; head: number } },
  tables: Tables,
): Promise<NonNullable<DataDiff['rows']>> {
  const halvings = rows.base + rows.head <= mostRows ? 0 : Math.ceil(Math.log2((rows.base + rows.head) / keptRows));
  const hashes = (side: DiffSide, columns: readonly ProfiledColumn[], isBase: boolean) =>
    `SELECT ${rowHashSql(columns.map(({ name, value }) => ({ name, sql: value })))} AS h, ${isBase} AS b FROM ${side.table.source} AS source`;
  const [found] = await tables.query(
    `SELECT coalesce(sum(greatest(n - m, 0)), 0) AS removed, coalesce(sum(greatest(m - n, 0)), 0) AS added,
coalesce(sum((n - m) * (n - m)) FILTER (n > m), 0) AS removed_squares, coalesce(sum((n - m) * (n - m)) FILTER (m > n), 0) AS added_squares
FROM (SELECT h, count_if(b) AS n, count_if(NOT b) AS m FROM (
${hashes(
  base,
  pairs.map((pair) => pair.base),
  true,
)}
UNION ALL
${hashes(
  head,
  pairs.map((pair) => pair.head),
  false,
)})
WHERE h <= ${2n ** BigInt(64 - halvings) - 1n} GROUP BY h)`,
  );
  const scale = 2 ** halvings;
  const removed = Number(found?.removed ?? 0) * scale;
  const added = Number(found?.added ?? 0) * scale;
  if (halvings === 0) return { added: exact(added), removed: exact(removed), columns: pairs.length };
  // Both numbers differ by what the tables' sizes differ by, so the one that is known better gives the other.
  const errors = {
    removed: errorOf(scale, Number(found?.removed_squares ?? 0)),
    added: errorOf(scale, Number(found?.added_squares ?? 0)),
  };
  const growth = rows.head - rows.base;
  const error = Math.min(errors.removed, errors.added);
  const gone = Math.max(0, -growth, errors.removed <= errors.added ? removed : added - growth);
  return {
    removed: { count: gone, error },
    added: { count: gone + growth, error },
    columns: pairs.length,
  };
}

function exact(count: number): { count: number; error: number } {
  return { count, error: 0 };
}

/** Four standard errors, at least of one row that was kept. */
function errorOf(scale: number, squares: number): number {
  return Math.ceil(4 * Math.sqrt(scale * (scale - 1) * Math.max(1, squares)));
}
