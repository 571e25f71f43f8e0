import type { Actor } from '../kernel.ts';
import { findRole } from '../permissions.ts';
import type { Platform } from '../platform.ts';
import type { Comment, Issue, Label, Reaction, Repository } from '../records.ts';
import { nodeId, simpleUser } from './account.ts';
import { actorApp } from './app.ts';

const CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function repositoryUrl(platform: Platform, repository: Repository): string {
  return `${platform.kernel.url}/repos/${repository.owner}/${repository.name}`;
}

export function repositoryPage(platform: Platform, repository: Repository): string {
  return `${platform.kernel.url}/${repository.owner}/${repository.name}`;
}

/** An issue, or the issue side of a pull request. */
export function issuePayload(platform: Platform, repository: Repository, issue: Issue): Record<string, unknown> {
  const { kernel } = platform;
  const api = `${repositoryUrl(platform, repository)}/issues/${issue.number}`;
  const page = `${repositoryPage(platform, repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
  const pulls = `${repositoryUrl(platform, repository)}/pulls/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url: api,
    repository_url: repositoryUrl(platform, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    timeline_url: `${api}/timeline`,
    html_url: page,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    user: kernel.actorPayload(issue.author),
    labels: labelsOf(platform, repository, issue),
    ...assigneesOf(platform, issue),
    milestone: null,
    comments: countComments(repository, issue),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : kernel.actorPayload(issue.closedBy),
    author_association: association(platform, repository, issue.author),
    performed_via_github_app: actorApp(platform, issue.author),
    reactions: reactionCounts(`${api}/reactions`, issue.reactions),
    ...(issue.pull === null
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: pulls,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }),
  };
}

export function labelsOf(platform: Platform, repository: Repository, issue: Issue): Record<string, unknown>[] {
  return issue.labels
    .map((name) => repository.labels.get(name.toLowerCase()))
    .filter((label) => label !== undefined)
    .map((label) => labelPayload(platform, repository, label));
}

export function assigneesOf(platform: Platform, issue: Issue): Record<string, unknown> {
  const assignees = issue.assignees
    .map((login) => platform.account(login))
    .filter((account) => account !== null)
    .map((account) => simpleUser(platform.kernel.url, account));
  return { assignee: assignees[0] ?? null, assignees };
}

export function countComments(repository: Repository, issue: Issue): number {
  return [...repository.comments.values()].filter(({ issueNumber }) => issueNumber === issue.number).length;
}

export function labelPayload(platform: Platform, repository: Repository, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryUrl(platform, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

export function commentPayload(platform: Platform, repository: Repository, comment: Comment): Record<string, unknown> {
  const api = `${repositoryUrl(platform, repository)}/issues`;
  const kind = repository.issues.get(comment.issueNumber)?.pull == null ? 'issues' : 'pull';
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${api}/comments/${comment.id}`,
    html_url: `${repositoryPage(platform, repository)}/${kind}/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${api}/${comment.issueNumber}`,
    body: comment.body,
    user: platform.kernel.actorPayload(comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(platform, repository, comment.author),
    performed_via_github_app: actorApp(platform, comment.author),
    reactions: reactionCounts(`${api}/comments/${comment.id}/reactions`, comment.reactions),
  };
}

export function reactionPayload(platform: Platform, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: platform.kernel.actorPayload(reaction.actor),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

function reactionCounts(url: string, reactions: readonly Reaction[]): Record<string, unknown> {
  const count = (content: string): number => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url,
    total_count: reactions.length,
    ...Object.fromEntries(CONTENTS.map((content) => [content, count(content)])),
  };
}

/** How an author relates to the repository; an App's relation is NONE, whatever it may write. */
export function association(platform: Platform, repository: Repository, author: Actor): string {
  if (author.kind !== 'user') return 'NONE';
  if (author.login.toLowerCase() === repository.owner.toLowerCase()) return 'OWNER';
  if (platform.account(repository.owner)?.owners.has(author.login.toLowerCase())) return 'MEMBER';
  const role = findRole(platform.state, repository, author.login);
  return repository.collaborators.has(author.login.toLowerCase()) && role !== null ? 'COLLABORATOR' : 'NONE';
}
