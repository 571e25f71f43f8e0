import type { GitHub } from '../../adapters/github/client.ts';
import { containsCommit } from '../../adapters/github/contains-commit.ts';
import { openRelease } from '../../adapters/releases/download-asset.ts';
import { modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import type { Source } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { LedgerReader } from '../../pipelines/ports/ledger.ts';
import { pickBaseRelease, type TaggedCommit } from '../../pipelines/registry/pick-base-release.ts';
import { isProven } from '../is-proven.ts';

export type ReleaseSubject = {
  owner: string;
  repo: string;
  model: string;
  /** Commit whose history must hold the release. */
  base: string;
  tags: readonly TaggedCommit[];
  /** Versions that were rolled back. */
  quarantined: ReadonlySet<string>;
  /** Bytes of the largest model that is taken. */
  limit: number;
};

export type BaseRelease = {
  tag: string;
  commit: string;
  sha256: string;
  content: Buffer;
  sources: readonly Source[];
};

/**
 * The newest release of the model that was not rolled back and that the base of the pull request contains, verified against
 * its own manifest and the ledger; null when there is none. A release that proves nothing is refused and not passed over:
 * whoever may publish could choose the base otherwise. Throws `base-unusable` or `base-unknown`. A handful of calls,
 * however many releases there are.
 */
export async function fetchBaseRelease(
  { owner, repo, model, base, tags, quarantined, limit }: ReleaseSubject,
  { github, ledger }: { github: GitHub; ledger: LedgerReader },
): Promise<BaseRelease | null> {
  const picked = await pickBaseRelease(model, tags, quarantined, (commit) =>
    containsCommit(github, { owner, repo, commit, head: base }),
  );
  if (picked === null) return null;

  const { tag, commit } = picked;
  const release = await openRelease(github, { owner, repo, tag });
  const bytes = await release.download({ name: 'manifest.json', limit: 2 ** 20 });
  const manifest = modelManifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  const file = manifest.data?.files.find(({ role }) => role === 'model');
  if (!manifest.success || file === undefined || manifest.data.tag !== tag) {
    throw new PulltrainError('base-unusable', {
      what: 'the release to compare with has no usable manifest',
      where: tag,
      cure: 'Quarantine the release, or publish a new one.',
    });
  }
  const { name, sha256 } = file;
  const claim = { model, key: manifest.data.key, sha256 };
  if (!(await isProven(claim, { owner, repo }, { github, ledger }))) {
    throw new PulltrainError('base-unusable', {
      what: 'the ledger does not prove that the release to compare with was judged and merged',
      where: tag,
      cure: 'Find out who published it, and delete it with its tag.',
    });
  }
  const content = await release.download({ name, sha256, limit });
  return { tag, commit, sha256, content, sources: manifest.data.sources };
}
