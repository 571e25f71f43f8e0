import { z } from 'zod';
import type { Tables } from '../ports/tables.ts';
import { answeringReleasesSql } from './log-sql.ts';

const rowSchema = z.object({ version: z.string(), rows: z.coerce.number() });

/** The versions that answered, by the log itself, the last one first, and how many rows each; none for an empty log. */
export async function answeringReleases(
  files: readonly string[],
  model: string,
  tables: Tables,
): Promise<{ version: string; rows: number }[]> {
  if (files.length === 0) return [];
  return rowSchema.array().parse(await tables.query(answeringReleasesSql(files, model)));
}
