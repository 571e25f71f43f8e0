import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHub } from '../../adapters/github/client.ts';
import { isStatus } from '../../adapters/github/is-status.ts';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { downloadAsset } from '../../adapters/releases/download-asset.ts';
import { listReleaseTags } from '../../adapters/releases/list-release-tags.ts';
import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { pickBaseRelease } from '../../pipelines/registry/pick-base-release.ts';
import { isMerged } from '../is-merged.ts';
import { readRunEntries } from '../read-run-entries.ts';

export type BaseRelease = { tag: string; commit: string; manifest: ModelManifest; modelPath: string };

/** Bytes of a model file that is brought here. */
const largestModel = 2 ** 30;

/**
 * The release that the candidate is compared with, verified against its own manifest and the ledger: the newest of the model that was
 * not rolled back and that the base of the pull request contains. Null for a first model. A handful of calls, however
 * many releases there are.
 */
export async function fetchBase(
  github: GitHub,
  place: { owner: string; repo: string; model: string; base: string; folder: string },
): Promise<BaseRelease | null> {
  const { owner, repo, model, base, folder } = place;
  const ledger = openLedger(github, { owner, repo });
  const [tags, quarantined] = await Promise.all([
    listReleaseTags(github, { owner, repo, model }),
    ledger.list(`quarantine/${model}`),
  ]);
  const versions = new Set(quarantined.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '')));
  const picked = await pickBaseRelease(model, tags, versions, (commit) =>
    isContained(github, { owner, repo, commit, base }),
  );
  if (picked === null) return null;

  const { tag, commit } = picked;
  const bytes = await downloadAsset(github, { owner, repo, tag, name: 'manifest.json', limit: 2 ** 20 });
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
  // Whatever workflow may write contents can publish a release; what was judged is written by the App alone.
  const runs = await readRunEntries(ledger, manifest.data.key);
  const judged = runs.filter((run) => run.model === model && run.sha256 === sha256);
  const merged = await Promise.all(judged.map(({ pull, headSha }) => isMerged(github, { owner, repo, pull, headSha })));
  if (!merged.includes(true)) {
    throw new PulltrainError('base-unusable', {
      what: 'the ledger does not prove that the release to compare with was judged and merged',
      where: tag,
      cure: 'Find out who published it, and delete it with its tag.',
    });
  }
  const content = await downloadAsset(github, { owner, repo, tag, name, sha256, limit: largestModel });
  const modelPath = join(folder, 'base.onnx');
  await writeFile(modelPath, content);
  return { tag, commit, manifest: manifest.data, modelPath };
}

async function isContained(
  github: GitHub,
  { owner, repo, commit, base }: { owner: string; repo: string; commit: string; base: string },
): Promise<boolean> {
  if (commit === base) return true;
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${commit}...${base}`,
      per_page: 1,
    });
    return data.status === 'ahead' || data.status === 'identical';
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}
