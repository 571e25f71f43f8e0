import type { z } from 'zod';
import { type RunEntry, runEntrySchema } from '../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { LedgerReader } from '../pipelines/ports/ledger.ts';
import { runFolder } from '../pipelines/publication/plan-judgement.ts';

/** Every run that was judged under a key, newest first. Throws `ledger-corrupt`. */
export async function readRunEntries(ledger: LedgerReader, key: string): Promise<RunEntry[]> {
  const paths = await ledger.list(runFolder(key));
  const entries = await Promise.all(paths.map((path) => readRecord(ledger, path, runEntrySchema)));
  return entries
    .filter((entry) => entry !== null)
    .sort((left, right) => Date.parse(right.recordedAt) - Date.parse(left.recordedAt));
}

/** One document of the ledger, null when it is not there. Throws `ledger-corrupt`. */
export async function readRecord<Schema extends z.ZodType>(
  ledger: LedgerReader,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | null> {
  const document = await ledger.read(path);
  if (document === null) return null;
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new PulltrainError('ledger-corrupt', {
    what: 'the document does not have the shape that its path promises',
    where: path,
    cause: parsed.error,
  });
}
