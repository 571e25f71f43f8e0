import type { Platform } from '../platform.ts';
import type { Repository } from '../records.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

/** A file or folder of a branch; with `bytes` the content comes along, in base64 lines as GitHub breaks them. */
export function contentPayload(
  platform: Platform,
  repository: Repository,
  ref: string,
  { path, oid, type, size }: { path: string; oid: string; type: string; size: number },
  bytes?: Buffer,
): Record<string, unknown> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const api = repositoryUrl(platform, repository);
  const self = `${api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${type === 'dir' ? 'trees' : 'blobs'}/${oid}`;
  const html = `${repositoryPage(platform, repository)}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${encoded}`;
  const raw = `${repositoryPage(platform, repository)}/raw/${ref}/${encoded}`;
  return {
    type,
    name: path.split('/').at(-1) ?? '',
    path,
    sha: oid,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === 'dir' ? null : raw,
    _links: { self, git, html },
    ...(bytes === undefined
      ? {}
      : { encoding: 'base64', content: bytes.toString('base64').replace(/.{1,60}/g, '$&\n') }),
  };
}
