import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHub } from '../../adapters/github/client.ts';
import { containsCommit } from '../../adapters/github/contains-commit.ts';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { downloadAsset } from '../../adapters/releases/download-asset.ts';
import { listReleaseTags } from '../../adapters/releases/list-release-tags.ts';
import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { pickBaseRelease } from '../../pipelines/registry/pick-base-release.ts';
import { isProven } from '../is-proven.ts';

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
    containsCommit(github, { owner, repo, commit, head: base }),
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
  const claim = { model, key: manifest.data.key, sha256 };
  if (!(await isProven(claim, { owner, repo }, { github, ledger }))) {
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
