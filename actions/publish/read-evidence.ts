import { type Judgement, judgementSchema, type RunEntry } from '../../pipelines/contracts/judgement.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { readRecord, readRunEntries } from '../read-run-entries.ts';

export type Evidence = {
  /** The entry whose head was merged into the default branch. */
  entry: RunEntry | null;
  judgement: Judgement | null;
  /** Digests of all models that were judged under the key and merged. */
  judged: ReadonlySet<string>;
  /** Versions of the model that were rolled back. */
  quarantined: ReadonlySet<string>;
};

/**
 * What the ledger knows of the runs of a key and of the model's releases. Anybody who opens a pull request with the same
 * inputs is judged under the same key; `isMerged` says whose bytes were reviewed, and the newest of those counts.
 */
export async function readEvidence(
  ledger: Ledger,
  { model, key }: { model: string; key: string },
  isMerged: (entry: RunEntry) => Promise<boolean>,
): Promise<Evidence> {
  const [entries, paths] = await Promise.all([readRunEntries(ledger, key), ledger.list(`quarantine/${model}`)]);
  const merged: RunEntry[] = [];
  for (const one of entries) if (await isMerged(one)) merged.push(one);
  const entry = merged[0] ?? null;
  return {
    entry,
    judged: new Set(merged.map(({ sha256 }) => sha256)),
    judgement: entry === null ? null : await readRecord(ledger, entry.judgement.path, judgementSchema),
    quarantined: new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, ''))),
  };
}
