import { createHash } from 'node:crypto';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';

export type ReleaseRequest = {
  owner: string;
  repo: string;
  tag: string;
  /** Commit of the default branch that the tag will name. */
  commit: string;
  name: string;
  notes: string;
  files: readonly { name: string; content: Uint8Array; type: string }[];
  /** Whether GitHub shows it as the latest release of the repository. */
  latest: boolean;
};

type Asset = { id: number; name: string; digest?: string | null; size: number; state: string };

/**
 * Publishes a release in the only order that survives a crash: draft, files, comparison of GitHub's digests with ours,
 * publication once. Nothing can be added to a published release, so a draft that an earlier attempt left is found by its
 * tag and completed. Returns the page of the release. Throws `release-exists` and `upload-corrupt`.
 */
export async function publishRelease(github: GitHub, request: ReleaseRequest): Promise<{ url: string }> {
  const { owner, repo, tag, commit, name, notes, files, latest } = request;
  const draft = (await findDraft(github, request)) ?? (await createDraft(github, request));
  const present: Asset[] = await github.paginate(github.rest.repos.listReleaseAssets, {
    owner,
    repo,
    release_id: draft.id,
    per_page: 100,
  });
  const kept = new Set<string>();
  for (const asset of present) {
    const wanted = files.find((file) => file.name === asset.name);
    if (wanted !== undefined && isUploaded(asset, wanted.content)) kept.add(asset.name);
    else await github.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id });
  }
  for (const file of files) {
    if (!kept.has(file.name)) await upload(github, draft.upload_url, file, tag);
  }
  await requireAll(github, request, draft.id);
  const { data } = await github.rest.repos.updateRelease({
    owner,
    repo,
    release_id: draft.id,
    tag_name: tag,
    target_commitish: commit,
    name,
    body: notes,
    draft: false,
    make_latest: latest ? 'true' : 'false',
  });
  return { url: data.html_url };
}

/** Drafts have no tag yet and are found in the list only, which shows them to those who may write. */
async function findDraft(github: GitHub, { owner, repo, tag }: ReleaseRequest) {
  const { data } = await github.rest.repos.listReleases({ owner, repo, per_page: 100 });
  const same = data.filter((release) => release.tag_name === tag);
  if (same.some((release) => !release.draft)) {
    throw new PulltrainError('release-exists', { what: 'a release of that tag is published already', where: tag });
  }
  return same[0] ?? null;
}

async function createDraft(github: GitHub, { owner, repo, tag, commit, name, notes }: ReleaseRequest) {
  const { data } = await github.rest.repos.createRelease({
    owner,
    repo,
    tag_name: tag,
    target_commitish: commit,
    name,
    body: notes,
    draft: true,
    make_latest: 'false',
  });
  return data;
}

async function upload(
  github: GitHub,
  uploadUrl: string,
  { name, content, type }: ReleaseRequest['files'][number],
  tag: string,
): Promise<void> {
  // Uploads go to a host of their own, which only the release knows.
  const { data }: { data: Asset } = await github.request(`POST ${uploadUrl}`, {
    name,
    data: Buffer.from(content),
    headers: { 'content-type': type, 'content-length': content.length },
  });
  if (isUploaded(data, content)) return;
  throw corrupt(`${name} of ${tag}`, data.digest, content);
}

async function requireAll(github: GitHub, { owner, repo, tag, files }: ReleaseRequest, id: number): Promise<void> {
  const assets: Asset[] = await github.paginate(github.rest.repos.listReleaseAssets, {
    owner,
    repo,
    release_id: id,
    per_page: 100,
  });
  for (const { name, content } of files) {
    const asset = assets.find((one) => one.name === name);
    if (asset === undefined || !isUploaded(asset, content)) throw corrupt(`${name} of ${tag}`, asset?.digest, content);
  }
}

function isUploaded(asset: Asset, content: Uint8Array): boolean {
  if (asset.state !== 'uploaded' || asset.size !== content.length) return false;
  return asset.digest === digestOf(content);
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function corrupt(where: string, seen: string | null | undefined, content: Uint8Array): PulltrainError {
  return new PulltrainError('upload-corrupt', {
    what: 'what GitHub holds is not what was sent',
    where,
    seen: seen ?? 'no digest',
    allowed: digestOf(content),
    cure: 'Run the job again: the draft is completed, and nothing was published.',
  });
}
