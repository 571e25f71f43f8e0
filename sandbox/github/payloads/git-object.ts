import type { Commit } from '../git/commit-object.ts';
import type { Platform } from '../platform.ts';
import type { Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { UNSIGNED } from './commit.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

/** A commit of the git database, without its accounts and files. */
export function gitCommitPayload(platform: Platform, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  const page = repositoryPage(platform, repository);
  return {
    sha: commit.oid,
    node_id: nodeId('Commit', Number.parseInt(commit.oid.slice(0, 12), 16)),
    url: `${api}/git/commits/${commit.oid}`,
    html_url: `${page}/commit/${commit.oid}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

export function treePayload(
  platform: Platform,
  repository: Repository,
  sha: string,
  entries: readonly { path: string; mode: string; oid: string; size: number | null }[],
): Record<string, unknown> {
  const api = `${repositoryUrl(platform, repository)}/git`;
  return {
    sha,
    url: `${api}/trees/${sha}`,
    tree: entries.map(({ path, mode, oid, size }) => {
      const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
      return { path, mode, type, sha: oid, ...(size === null ? {} : { size }), url: `${api}/${type}s/${oid}` };
    }),
    truncated: false,
  };
}
