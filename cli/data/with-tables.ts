import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';

/** Work with a table engine that spills into a folder of its own, which is gone afterwards. */
export async function withTables<Answer>(work: (tables: Tables) => Promise<Answer>): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-data-'));
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    return await work(tables);
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}
