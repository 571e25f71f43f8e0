import type { GitHub } from '../../adapters/github/client.ts';
import { downloadAsset } from '../../adapters/releases/download-asset.ts';
import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { type Profile, profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

export type FetchedRelease = { manifest: ModelManifest; sha256: string; bytes: Buffer; profile: Profile };

/** Model and profile of a published release, each verified by the manifest. Throws `release-invalid` besides what fetching throws. */
export async function fetchRelease(
  github: GitHub,
  place: { owner: string; repo: string; tag: string; model: string },
): Promise<FetchedRelease> {
  const { model, ...asset } = place;
  const manifest = modelManifestSchema.parse(
    readJson(await downloadAsset(github, { ...asset, name: 'manifest.json' })),
  );
  if (manifest.tag !== place.tag || manifest.model !== model) {
    throw invalid(place.tag, `the manifest of ${manifest.tag}, model ${manifest.model}`);
  }
  const fileOf = (role: 'model' | 'profile') => {
    const file = manifest.files.find((one) => one.role === role);
    if (file === undefined) throw invalid(place.tag, `a manifest without a ${role} file`);
    return file;
  };
  const [onnx, profile] = [fileOf('model'), fileOf('profile')];
  const bytes = await downloadAsset(github, { ...asset, name: onnx.name, sha256: onnx.sha256 });
  const text = await downloadAsset(github, { ...asset, name: profile.name, sha256: profile.sha256 });
  return { manifest, sha256: onnx.sha256, bytes, profile: profileSchema.parse(readJson(text)) };
}

function readJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

function invalid(tag: string, seen: string): PulltrainError {
  return new PulltrainError('release-invalid', {
    what: 'this is not a release that Pulltrain published',
    where: tag,
    seen,
    cure: 'Deploy the tag that actions/publish gave.',
  });
}
