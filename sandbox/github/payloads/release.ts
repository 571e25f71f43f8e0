import type { Platform } from '../platform.ts';
import type { Asset, Release, Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

export function releasePayload(platform: Platform, repository: Repository, release: Release): Record<string, unknown> {
  const api = `${repositoryUrl(platform, repository)}/releases/${release.id}`;
  const page = repositoryPage(platform, repository);
  const tag = release.draft ? `untagged-${release.id.toString(16)}` : release.tagName;
  const archives = `${repositoryUrl(platform, repository)}`;
  return {
    id: release.id,
    node_id: nodeId('Release', release.id),
    url: api,
    assets_url: `${api}/assets`,
    upload_url: `${api}/assets{?name,label}`,
    html_url: `${page}/releases/tag/${encodeURIComponent(tag)}`,
    tag_name: release.tagName,
    target_commitish: release.targetCommitish,
    name: release.name,
    body: release.body,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    author: platform.kernel.actorPayload(release.author),
    created_at: release.createdAt,
    updated_at: release.publishedAt ?? release.createdAt,
    published_at: release.publishedAt,
    tarball_url: release.draft ? null : `${archives}/tarball/${encodeURIComponent(release.tagName)}`,
    zipball_url: release.draft ? null : `${archives}/zipball/${encodeURIComponent(release.tagName)}`,
    assets: [...release.assets.values()].map((asset) => assetPayload(platform, repository, release, asset)),
  };
}

export function assetPayload(
  platform: Platform,
  repository: Repository,
  release: Release,
  asset: Asset,
): Record<string, unknown> {
  const page = repositoryPage(platform, repository);
  const tag = encodeURIComponent(release.tagName);
  return {
    url: `${repositoryUrl(platform, repository)}/releases/assets/${asset.id}`,
    browser_download_url: `${page}/releases/download/${tag}/${encodeURIComponent(asset.name)}`,
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: asset.label,
    state: 'uploaded',
    content_type: asset.contentType,
    size: asset.size,
    digest: asset.digest,
    download_count: asset.downloads,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    uploader: platform.kernel.actorPayload(asset.uploader),
  };
}
