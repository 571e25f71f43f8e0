import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { compareVersions } from '../../pipelines/registry/compare-versions.ts';
import { parseTag } from '../../pipelines/registry/parse-tag.ts';
import { readReleaseMarker } from '../../pipelines/registry/release-marker.ts';
import type { GitHub } from '../github/client.ts';
import { downloadAsset } from './download-asset.ts';

/**
 * The newest published release of a model that holds the run of this key, or null. Notes and manifest only say where to
 * look: whatever workflow may write contents can publish a release, so its model must be one of those that were `judged`
 * (sha256 in hex) under the key. One call per hundred releases of the repository.
 */
export async function findReleased(
  github: GitHub,
  { owner, repo, model, key }: { owner: string; repo: string; model: string; key: string },
  judged: ReadonlySet<string>,
): Promise<ModelManifest | null> {
  const releases = await github.paginate(github.rest.repos.listReleases, { owner, repo, per_page: 100 });
  const claims = releases
    .filter(({ draft, body }) => !draft && readReleaseMarker(body ?? '') === key)
    .flatMap(({ tag_name: tag }) => {
      const parsed = parseTag(tag);
      return parsed?.model === model ? [{ tag, version: parsed.version }] : [];
    })
    .sort((left, right) => compareVersions(right.version, left.version));
  for (const { tag } of claims) {
    const manifest = await readManifest(github, { owner, repo, tag });
    if (manifest === null) continue;
    const models = manifest.files.filter(({ role }) => role === 'model');
    const isProven = models.length === 1 && models.every(({ sha256 }) => judged.has(sha256));
    if (isProven && manifest.key === key && manifest.model === model && manifest.tag === tag) return manifest;
  }
  return null;
}

/** Null for a release without a readable manifest: it is not one of ours. */
async function readManifest(
  github: GitHub,
  place: { owner: string; repo: string; tag: string },
): Promise<ModelManifest | null> {
  try {
    const bytes = await downloadAsset(github, { ...place, name: 'manifest.json', limit: 2 ** 20 });
    return modelManifestSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof PulltrainError || error instanceof SyntaxError) return null;
    throw error;
  }
}
