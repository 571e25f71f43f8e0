import type { z } from 'zod';
import { type Judgement, judgementSchema, type RunEntry, runEntrySchema } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { runFolder } from '../../pipelines/publication/plan-judgement.ts';

export type Evidence = {
  /** The entry whose head was merged into the default branch. */
  entry: RunEntry | null;
  judgement: Judgement | null;
  /** Digests of all models that were judged under the key. */
  judged: ReadonlySet<string>;
  /** Versions of the model that were rolled back. */
  quarantined: ReadonlySet<string>;
};

/**
 * What the ledger knows of the runs of a key and of the model's releases. Anybody who opens a pull request with the same
 * inputs is judged under the same key; `isMerged`, asked newest first, says whose bytes were reviewed.
 */
export async function readEvidence(
  ledger: Ledger,
  { model, key }: { model: string; key: string },
  isMerged: (entry: RunEntry) => Promise<boolean>,
): Promise<Evidence> {
  const [runs, paths] = await Promise.all([ledger.list(runFolder(key)), ledger.list(`quarantine/${model}`)]);
  const entries: RunEntry[] = [];
  for (const path of runs) {
    const entry = await read(ledger, path, runEntrySchema);
    if (entry !== null) entries.push(entry);
  }
  entries.sort((left, right) => Date.parse(right.recordedAt) - Date.parse(left.recordedAt));
  const entry = await findFirst(entries, isMerged);
  return {
    entry,
    judged: new Set(entries.map(({ sha256 }) => sha256)),
    judgement: entry === null ? null : await read(ledger, entry.judgement.path, judgementSchema),
    quarantined: new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, ''))),
  };
}

async function findFirst<Value>(values: readonly Value[], fits: (value: Value) => Promise<boolean>) {
  for (const value of values) if (await fits(value)) return value;
  return null;
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
