import { createHash } from 'node:crypto';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';

export type AssetRequest = {
  owner: string;
  repo: string;
  tag: string;
  name: string;
  /** Expected digest in hex; without one, GitHub's own is the measure. */
  sha256?: string;
  /** Bytes; the largest that is taken. */
  limit?: number;
};

/**
 * One file of a published release, verified. Two calls. Throws `release-missing`, `asset-missing` or `asset-corrupt`;
 * bytes of the wrong digest are never returned.
 */
export async function downloadAsset(
  github: GitHub,
  { owner, repo, tag, name, sha256, limit = 2 ** 31 }: AssetRequest,
): Promise<Buffer> {
  const where = `${name} of release ${tag}`;
  const { assets } = await findRelease(github, { owner, repo, tag });
  const asset = assets.find((one) => one.name === name);
  if (asset === undefined) {
    throw new PulltrainError('asset-missing', {
      what: 'the release has no such file',
      where,
      allowed: assets.map((one) => one.name).join(', '),
    });
  }
  if (asset.size > limit) {
    throw new PulltrainError('asset-corrupt', { what: 'too large', where, seen: `${asset.size} bytes` });
  }
  const { data } = await github.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
    owner,
    repo,
    asset_id: asset.id,
    headers: { accept: 'application/octet-stream' },
  });
  const content: unknown = data;
  if (!(content instanceof ArrayBuffer)) {
    throw new PulltrainError('asset-corrupt', { what: 'GitHub answered without bytes', where, seen: typeof content });
  }
  const bytes = Buffer.from(content);
  const actual = createHash('sha256').update(bytes).digest('hex');
  const expected = sha256 ?? asset.digest?.replace(/^sha256:/, '') ?? actual;
  if (actual !== expected) {
    throw new PulltrainError('asset-corrupt', {
      what: 'the bytes are not the released ones',
      where,
      seen: `sha256 ${actual}`,
      allowed: `sha256 ${expected}`,
    });
  }
  return bytes;
}

async function findRelease(github: GitHub, { owner, repo, tag }: { owner: string; repo: string; tag: string }) {
  try {
    return (await github.rest.repos.getReleaseByTag({ owner, repo, tag })).data;
  } catch (cause) {
    if (!isStatus(cause, 404)) throw cause;
    throw new PulltrainError('release-missing', { what: 'there is no published release of that tag', where: tag });
  }
}
