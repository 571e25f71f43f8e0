import type { Platform } from '../platform.ts';
import { mergeState } from '../pulls/merge-state.ts';
import type { Issue, Pull, Repository } from '../records.ts';
import { nodeId } from './account.ts';
import { assigneesOf, association, countComments, labelsOf, repositoryPage, repositoryUrl } from './issue.ts';

/** A pull request as lists and webhooks of other things show it. */
export function pullSimplePayload(
  platform: Platform,
  repository: Repository,
  issue: Issue,
  pull: Pull,
): Record<string, unknown> {
  const { kernel } = platform;
  const base = repositoryUrl(platform, repository);
  const api = `${base}/pulls/${issue.number}`;
  const page = `${repositoryPage(platform, repository)}/pull/${issue.number}`;
  return {
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    url: api,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${base}/issues/${issue.number}`,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${base}/issues/${issue.number}/comments`,
    statuses_url: `${base}/statuses/${pull.head.sha}`,
    number: issue.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: kernel.actorPayload(issue.author),
    labels: labelsOf(platform, repository, issue),
    ...assigneesOf(platform, issue),
    requested_reviewers: [],
    requested_teams: [],
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    head: sidePayload(platform, repository, pull.head),
    base: sidePayload(platform, repository, pull.base),
    _links: {
      self: { href: api },
      html: { href: page },
      issue: { href: `${base}/issues/${issue.number}` },
      comments: { href: `${base}/issues/${issue.number}/comments` },
      review_comments: { href: `${api}/comments` },
      review_comment: { href: `${base}/pulls/comments{/number}` },
      commits: { href: `${api}/commits` },
      statuses: { href: `${base}/statuses/${pull.head.sha}` },
    },
    author_association: association(platform, repository, issue.author),
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request as `GET` of one and its own webhooks show it. */
export function pullPayload(
  platform: Platform,
  repository: Repository,
  issue: Issue,
  pull: Pull,
): Record<string, unknown> {
  const open = issue.state === 'open';
  return {
    ...pullSimplePayload(platform, repository, issue, pull),
    merged: pull.merged,
    mergeable: open ? pull.mergeable : null,
    rebaseable: open ? pull.mergeable : null,
    mergeable_state: open ? mergeState(repository, pull) : 'unknown',
    merged_by: pull.mergedBy === null ? null : platform.kernel.actorPayload(pull.mergedBy),
    comments: countComments(repository, issue),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits,
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
  };
}

function sidePayload(
  platform: Platform,
  repository: Repository,
  side: { ref: string; sha: string },
): Record<string, unknown> {
  const repo = platform.kernel.repositoryPayload(repository);
  return { label: `${repository.owner}:${side.ref}`, ref: side.ref, sha: side.sha, user: repo.owner, repo };
}
