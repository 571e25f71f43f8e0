import { dirname } from 'node:path';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { quoteText } from '../../pipelines/quote-sql.ts';
import { openTables, type TableLimits } from '../duckdb/open-tables.ts';

/**
 * An engine for SQL of a definition file: it can read the named files, write below the folder of the last one, and reach
 * nothing else, so that a version covers everything that its SQL may have read.
 */
export async function openConfinedTables(
  reads: readonly string[],
  writes: string,
  limits: TableLimits = {},
): Promise<Tables> {
  const tables = await openTables(limits);
  const folders = [dirname(writes), ...(limits.temporaryDirectory === undefined ? [] : [limits.temporaryDirectory])];
  await tables.query(`SET allowed_paths = [${reads.map(quoteText).join(', ')}]`);
  await tables.query(`SET allowed_directories = [${folders.map((folder) => quoteText(`${folder}/`)).join(', ')}]`);
  await tables.query('SET enable_external_access = false');
  await tables.query('SET lock_configuration = true');
  return tables;
}
