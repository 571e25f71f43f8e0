import type { ColumnProfile } from '../contracts/profile.ts';
import type { Tables } from '../ports/tables.ts';
import { binCount, binCountsSql, type Relation } from './column-sql.ts';

/** Counts of one column in one stretch of time. */
export type BinCounts = { counts: number[]; missing: number };

/** Counts of a column between its frozen bins, by bucket; `bucket` is an SQL expression that yields an integer. */
export async function countColumn(
  relation: Relation,
  bucket: string,
  column: ColumnProfile,
  tables: Tables,
): Promise<Map<number, BinCounts>> {
  const buckets = new Map<number, BinCounts>();
  for (const row of await tables.query(binCountsSql(relation, bucket, column))) {
    const key = Number(row.bucket);
    const entry = buckets.get(key) ?? emptyCounts(column);
    const bin = Number(row.bin);
    if (bin < 0) entry.missing += Number(row.n);
    else entry.counts[bin] = Number(row.n);
    buckets.set(key, entry);
  }
  return buckets;
}

/** The sum of several stretches. */
export function addCounts(column: ColumnProfile, parts: Iterable<BinCounts>): BinCounts {
  const total = emptyCounts(column);
  for (const part of parts) {
    total.missing += part.missing;
    for (const [bin, count] of part.counts.entries()) total.counts[bin] = (total.counts[bin] ?? 0) + count;
  }
  return total;
}

/** The column with other counts in the same bins. */
export function withCounts(column: ColumnProfile, { counts, missing }: BinCounts): ColumnProfile {
  if (column.type === 'numeric') return { ...column, counts, missing };
  const categories = Object.keys(column.counts);
  return {
    ...column,
    missing,
    counts: Object.fromEntries(categories.map((category, bin) => [category, counts[bin] ?? 0])),
    other: counts[categories.length] ?? 0,
  };
}

/** The counts of a column as one list, `other` last. */
export function countsOf(column: ColumnProfile): number[] {
  return column.type === 'numeric' ? column.counts : [...Object.values(column.counts), column.other];
}

function emptyCounts(column: ColumnProfile): BinCounts {
  return { counts: Array.from({ length: binCount(column) }, () => 0), missing: 0 };
}
