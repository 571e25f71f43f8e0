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

export type OpenRelease = {
  /** Name of the file with this digest in hex, by GitHub's own account; null when there is none. */
  find(sha256: string): string | null;
  /** One file, verified. One call. Throws `asset-missing` or `asset-corrupt`; bytes of the wrong digest are never returned. */
  download(file: Pick<AssetRequest, 'name' | 'sha256' | 'limit'>): Promise<Buffer>;
};

/** One file of a published release, verified. Two calls. Throws `release-missing` and what `OpenRelease.download` throws. */
export async function downloadAsset(github: GitHub, { owner, repo, tag, ...file }: AssetRequest): Promise<Buffer> {
  return (await openRelease(github, { owner, repo, tag })).download(file);
}

/** The files of a published release. One call. Throws `release-missing`. */
export async function openRelease(
  github: GitHub,
  { owner, repo, tag }: { owner: string; repo: string; tag: string },
): Promise<OpenRelease> {
  const { assets } = await findRelease(github, { owner, repo, tag });
  return {
    find: (sha256) => assets.find(({ digest }) => digest === `sha256:${sha256}`)?.name ?? null,
    async download({ name, sha256, limit = 2 ** 31 }) {
      const where = `${name} of release ${tag}`;
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
        throw new PulltrainError('asset-corrupt', {
          what: 'GitHub answered without bytes',
          where,
          seen: typeof content,
        });
      }
      return requireDigest(Buffer.from(content), sha256 ?? asset.digest?.replace(/^sha256:/, ''), where);
    },
  };
}

function requireDigest(bytes: Buffer, expected: string | undefined, where: string): Buffer {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (expected === undefined || actual === expected) return bytes;
  throw new PulltrainError('asset-corrupt', {
    what: 'the bytes are not the released ones',
    where,
    seen: `sha256 ${actual}`,
    allowed: `sha256 ${expected}`,
  });
}

async function findRelease(github: GitHub, { owner, repo, tag }: { owner: string; repo: string; tag: string }) {
  try {
    return (await github.rest.repos.getReleaseByTag({ owner, repo, tag })).data;
  } catch (cause) {
    if (!isStatus(cause, 404)) throw cause;
    throw new PulltrainError('release-missing', { what: 'there is no published release of that tag', where: tag });
  }
}
