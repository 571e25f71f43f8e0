import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { quoteText } from '../../pipelines/quote-sql.ts';

/**
 * Writes the rows of a SELECT as Parquet, in their order; equal rows give equal bytes on the same engine. The file appears
 * when it is whole, or not at all. Throws `table-unwritable`.
 */
export async function writeParquet(tables: Tables, select: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await tables.query(
      `COPY (${select}) TO ${quoteText(draft)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
    );
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new PulltrainError('table-unwritable', { what: 'the table could not be written', where: file, cause });
  }
}
