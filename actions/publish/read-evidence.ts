import type { z } from 'zod';
import { type Judgement, judgementSchema, type RunEntry, runEntrySchema } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { runPath } from '../../pipelines/publication/plan-judgement.ts';

export type Evidence = {
  entry: RunEntry | null;
  judgement: Judgement | null;
  /** Versions of the model that were rolled back. */
  quarantined: ReadonlySet<string>;
};

/** What the ledger knows of the run of a key and of the model's releases. */
export async function readEvidence(ledger: Ledger, { model, key }: { model: string; key: string }): Promise<Evidence> {
  const entry = await read(ledger, runPath(key), runEntrySchema);
  const paths = await ledger.list(`quarantine/${model}`);
  return {
    entry,
    judgement: entry === null ? null : await read(ledger, entry.judgement.path, judgementSchema),
    quarantined: new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, ''))),
  };
}

async function read<Schema extends z.ZodType>(ledger: Ledger, path: string, schema: Schema) {
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
