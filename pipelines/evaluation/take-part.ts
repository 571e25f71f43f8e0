import type { ModelConfig } from '../config/schema.ts';
import { rowHash } from '../data/splits/row-hash.ts';
import type { Tables } from '../ports/tables.ts';

type Rule = ModelConfig['holdout'];

/** Part of the rows that `fold` picks; made once, because telling the part of a row takes a digest of it. */
const partTable = 'pulltrain_part';
/** Of the digest; another one would deal all rows anew. */
const SEED = 0;

/**
 * What to read in place of these rows so that only the part of `holdout.fold` judges; themselves without one. The part of a
 * row is told by its entity where the policy names one, so that no entity is in two parts, else by all that it holds: it is
 * the same on every machine and for every order of rows.
 */
export async function takePart(
  { fold, entity = [] }: Pick<Rule, 'fold' | 'entity'>,
  { rows, columns }: { rows: string; columns: readonly string[] },
  tables: Tables,
): Promise<string> {
  if (fold === undefined) return rows;
  const names = typeof entity === 'string' ? [entity] : entity;
  const part = `${rowHash(names.length === 0 ? columns : names, SEED)} % ${fold.of}`;
  await tables.query(
    `CREATE OR REPLACE TEMP TABLE ${partTable} AS SELECT * FROM ${rows} WHERE ${part} = ${fold.use - 1}`,
  );
  return partTable;
}
