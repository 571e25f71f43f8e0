import type { Commit, Person } from '../git/commit-object.ts';
import type { FileChange } from '../git/diff-files.ts';
import type { Platform } from '../platform.ts';
import type { Repository } from '../records.ts';
import { nodeId, simpleUser } from './account.ts';
import { repositoryPage, repositoryUrl } from './issue.ts';

export const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A commit with its repository context, as `GET .../commits` shows it. */
export function commitPayload(platform: Platform, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  return {
    sha: commit.oid,
    node_id: nodeId('Commit', Number.parseInt(commit.oid.slice(0, 12), 16)),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${api}/commits/${commit.oid}`,
    html_url: `${repositoryPage(platform, repository)}/commit/${commit.oid}`,
    comments_url: `${api}/commits/${commit.oid}/comments`,
    author: personAccount(platform, commit.author),
    committer: personAccount(platform, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${repositoryPage(platform, repository)}/commit/${sha}`,
    })),
  };
}

/** The account behind a commit's mail address, if one has it. */
function personAccount({ state, kernel }: Platform, person: Person): Record<string, unknown> | null {
  const email = person.email.toLowerCase();
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  for (const account of state.accounts.values()) {
    const own = account.email.toLowerCase() === email || account.login.toLowerCase() === login;
    if (own) return simpleUser(kernel.url, account);
  }
  return null;
}

export function filePayload(
  platform: Platform,
  repository: Repository,
  sha: string,
  file: FileChange,
): Record<string, unknown> {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const page = repositoryPage(platform, repository);
  return {
    sha: file.oid,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(platform, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}
