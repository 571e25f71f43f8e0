import type { GitHub } from '../../adapters/github/client.ts';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { openRelease } from '../../adapters/releases/download-asset.ts';
import { type ModelManifest, modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { type Profile, profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { isProven } from '../is-proven.ts';

export type FetchedRelease = { manifest: ModelManifest; sha256: string; bytes: Buffer; profile: Profile };

/**
 * Model and profile of a published release, each verified by the manifest. The model must be the file that `sha256` names,
 * which the job that published it hands over; without it, for a release that a person deploys again, the ledger must say
 * that it was judged and merged. Throws `release-invalid` or `release-unproven` besides what fetching throws.
 */
export async function fetchRelease(
  github: GitHub,
  place: { owner: string; repo: string; tag: string; model: string; sha256: string | null },
): Promise<FetchedRelease> {
  const { owner, repo, tag, model } = place;
  const release = await openRelease(github, { owner, repo, tag });
  const manifest = modelManifestSchema.parse(readJson(await release.download({ name: 'manifest.json' })));
  if (manifest.tag !== tag || manifest.model !== model) {
    throw invalid(tag, `the manifest of ${manifest.tag}, model ${manifest.model}`);
  }
  const fileOf = (role: 'model' | 'profile') => {
    const file = manifest.files.find((one) => one.role === role);
    if (file === undefined) throw invalid(tag, `a manifest without a ${role} file`);
    return file;
  };
  const [onnx, profile] = [fileOf('model'), fileOf('profile')];
  await requireReviewed(github, place, { key: manifest.key, sha256: onnx.sha256 });
  const [bytes, text] = await Promise.all([
    release.download({ name: onnx.name, sha256: onnx.sha256 }),
    release.download({ name: profile.name, sha256: profile.sha256 }),
  ]);
  return { manifest, sha256: onnx.sha256, bytes, profile: profileSchema.parse(readJson(text)) };
}

async function requireReviewed(
  github: GitHub,
  {
    owner,
    repo,
    tag,
    model,
    sha256: expected,
  }: { owner: string; repo: string; tag: string; model: string; sha256: string | null },
  { key, sha256 }: { key: string; sha256: string },
): Promise<void> {
  const ledger = openLedger(github, { owner, repo });
  if (expected !== null) {
    if (sha256 === expected) return;
    throw new PulltrainError('release-unproven', {
      what: 'the release holds another model than was published',
      where: tag,
      seen: `sha256 ${sha256}`,
      allowed: `sha256 ${expected}`,
      cure: 'Nothing was loaded. Find out who changed the release, and delete it with its tag.',
    });
  }
  if (await isProven({ model, key, sha256 }, { owner, repo }, { github, ledger })) return;
  throw new PulltrainError('release-unproven', {
    what: 'the ledger does not prove that this model was judged and merged',
    where: tag,
    seen: `sha256 ${sha256}`,
    cure: 'Nothing was loaded. Deploy a tag that actions/publish gave, or find out who published this one.',
  });
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
