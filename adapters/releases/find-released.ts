import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { compareVersions } from '../../pipelines/registry/compare-versions.ts';
import { parseTag } from '../../pipelines/registry/parse-tag.ts';
import { readReleaseMarker } from '../../pipelines/registry/release-marker.ts';
import type { GitHub } from '../github/client.ts';
import { downloadAsset } from './download-asset.ts';

/**
 * The newest published release of a model that holds the run of this key, or null. Notes only say where to look, since
 * they can be edited; the release's own manifest decides. One call per hundred releases of the repository.
 */
export async function findReleased(
  github: GitHub,
  { owner, repo, model, key }: { owner: string; repo: string; model: string; key: string },
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
    const bytes = await downloadAsset(github, { owner, repo, tag, name: 'manifest.json', limit: 2 ** 20 });
    const manifest = modelManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
    if (manifest.key === key && manifest.model === model && manifest.tag === tag) return manifest;
  }
  return null;
}
