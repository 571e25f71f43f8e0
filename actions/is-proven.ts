import type { GitHub } from '../adapters/github/client.ts';
import type { LedgerReader } from '../pipelines/ports/ledger.ts';
import { isMerged } from './is-merged.ts';
import { readRunEntries } from './read-run-entries.ts';

/**
 * Whether the ledger says that this very model file was judged under the key, in a pull request that was merged. Whatever
 * workflow may write contents can publish a release; the ledger is written by the App alone.
 */
export async function isProven(
  { model, key, sha256 }: { model: string; key: string; sha256: string },
  place: { owner: string; repo: string },
  { github, ledger }: { github: GitHub; ledger: LedgerReader },
): Promise<boolean> {
  const { owner, repo } = place;
  const runs = await readRunEntries(ledger, key);
  const judged = runs.filter((run) => run.model === model && run.sha256 === sha256);
  const merged = await Promise.all(judged.map(({ pull, headSha }) => isMerged(github, { owner, repo, pull, headSha })));
  return merged.includes(true);
}
