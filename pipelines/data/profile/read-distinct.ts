import { z } from 'zod';
import type { DistinctSketch } from '../../contracts/data-profile.ts';
import type { Tables } from '../../ports/tables.ts';
import type { HashedColumn } from './column-values.ts';
import { indexBits, registersOf } from './hyper-log-log.ts';

const registerSchema = z.array(z.object({ index: z.number(), rest: z.number() }));
const restBits = 64n - BigInt(indexBits);

/** The sketch of a column's distinct values. Of each register the engine keeps the least rest: it has the most leading zeros. */
export async function readDistinct(source: string, { of, sql }: HashedColumn, tables: Tables): Promise<DistinctSketch> {
  const rows = await tables.query(
    `SELECT hashed >> ${restBits} AS "index", min(hashed & ${2n ** restBits - 1n}) AS rest
FROM (SELECT hash(x) AS hashed FROM (SELECT ${sql} AS x FROM ${source} AS source) WHERE x IS NOT NULL) GROUP BY 1`,
  );
  return { of, registers: registersOf(registerSchema.parse(rows)) };
}
