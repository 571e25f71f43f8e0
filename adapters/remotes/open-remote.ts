import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { openDirectoryRemote } from './open-directory-remote.ts';
import { openReleaseRemote } from './open-release-remote.ts';
import { openS3Remote } from './open-s3-remote.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const releaseUrl =
  /^github-release:\/\/(?<owner>[A-Za-z0-9-]{1,39})\/(?<repo>[A-Za-z0-9._-]{1,100})(?:\/(?<prefix>[A-Za-z0-9][A-Za-z0-9._-]{0,99}))?\/?$/;
const s3Url = /^s3:\/\/(?<bucket>[A-Za-z0-9._-]{3,255})(?:\/(?<prefix>[^?#]*))?$/;

/**
 * The remote behind an address; `environment` holds credentials and endpoints. Nothing is contacted yet. Throws
 * `remote-unknown` for an address of no known kind.
 */
export function openRemote(url: string, environment: Environment): ObjectRemote {
  if (isAbsolute(url)) return openDirectoryRemote(url);
  if (url.startsWith('file:///')) return openDirectoryRemote(fileURLToPath(url));
  const bucket = readS3Url(url);
  if (bucket !== null) return openS3Remote(bucket, environment);
  const { owner, repo, prefix: tag = 'data' } = releaseUrl.exec(url)?.groups ?? {};
  if (owner !== undefined && repo !== undefined) return openReleaseRemote({ owner, repo, prefix: tag }, environment);
  throw new PulltrainError('remote-unknown', {
    what: url === '' ? 'no data remote is named' : 'this kind of data remote is not known',
    ...(url === '' ? {} : { seen: withoutSecrets(url) }),
    allowed: 'file:///folder, an absolute path, s3://bucket/prefix, github-release://owner/repo/tag-prefix',
  });
}

/** The bucket and the prefix of `s3://bucket/prefix`, null for another address. */
export function readS3Url(url: string): { bucket: string; prefix: string } | null {
  const { bucket, prefix = '' } = s3Url.exec(url)?.groups ?? {};
  return bucket === undefined ? null : { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
}

/** Credentials that stand in a URL have no business in a message. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*$/, '?***');
}
