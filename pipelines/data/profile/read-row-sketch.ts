import { z } from 'zod';
import type { RowSketch } from '../../contracts/data-profile.ts';
import type { Tables } from '../../ports/tables.ts';
import { keptRows, rowSketchOf } from './row-sketch.ts';

/** Rows whose repeats are counted one by one; it takes memory for every one. */
const mostCounted = 2_000_000;

const keptSchema = z.array(z.object({ hash: z.string(), n: z.int().positive() }));

/** SQL of one hash per row; equal rows of two tables with these columns have one hash. */
export function rowHashSql(hashed: readonly { name: string; sql: string }[]): string {
  const ordered = [...hashed].sort((left, right) => (left.name < right.name ? -1 : 1));
  return `hash(${ordered.map(({ sql }) => sql).join(', ')})`;
}

/** The sketch of a table's rows, and their repeats where that is not too much to count. */
export async function readRowSketch(
  source: string,
  { hashed, rows }: { hashed: readonly { name: string; sql: string }[]; rows: number },
  tables: Tables,
): Promise<RowSketch> {
  if (hashed.length === 0 || rows === 0) return { halvings: 0, rows: [], repeatsAtLeast: 0, exact: true };
  const hashes = `(SELECT ${rowHashSql(hashed)} AS h FROM ${source} AS source)`;
  const halvings = Math.max(0, Math.ceil(Math.log2(rows / keptRows)));
  const kept = keptSchema.parse(
    await tables.query(
      `SELECT format('{:016x}', h) AS hash, count(*) AS n FROM ${hashes} WHERE h <= ${2n ** BigInt(64 - halvings) - 1n} GROUP BY h`,
    ),
  );
  const list = kept.map(({ hash, n }): [string, number] => [hash, n]);
  if (halvings === 0)
    return rowSketchOf(list, 0, { repeatsAtLeast: list.reduce((sum, [, n]) => sum + n - 1, 0), exact: true });
  const atLeast = list.reduce((sum, [, n]) => sum + n - 1, 0);
  if (rows > mostCounted) return rowSketchOf(list, halvings, { repeatsAtLeast: atLeast, exact: false });
  const [counted] = await tables.query(`SELECT count(*) - count(DISTINCT h) AS n FROM ${hashes}`);
  return rowSketchOf(list, halvings, { repeatsAtLeast: Number(counted?.n ?? 0), exact: true });
}
