import type { Tables } from '../ports/tables.ts';
import { newestReleaseSql } from './log-sql.ts';

/** The version that answered last, by the log itself; null when nothing was logged for this model. */
export async function newestRelease(files: readonly string[], model: string, tables: Tables): Promise<string | null> {
  if (files.length === 0) return null;
  const [row] = await tables.query(newestReleaseSql(files, model));
  return typeof row?.version === 'string' ? row.version : null;
}
