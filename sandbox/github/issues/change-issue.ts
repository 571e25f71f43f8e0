import { type Actor, ApiError } from '../kernel.ts';
import { issuePayload } from '../payloads/issue.ts';
import type { Platform } from '../platform.ts';
import type { Issue, Pull, Repository } from '../records.ts';

type NewIssue = { title: string; body: string | null; author: Actor; pull: Pull | null };

/** Takes the next number of the repository; issues and pull requests share it. Emits nothing. */
export function createIssue(
  platform: Platform,
  repository: Repository,
  { title, body, author, pull }: NewIssue,
): Issue {
  repository.lastNumber += 1;
  const time = platform.timestamp();
  const issue: Issue = {
    id: platform.kernel.nextId(),
    number: repository.lastNumber,
    title,
    body,
    state: 'open',
    stateReason: null,
    author,
    labels: [],
    assignees: [],
    reactions: [],
    createdAt: time,
    updatedAt: time,
    closedAt: null,
    closedBy: null,
    pull,
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

export function requireIssue(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw new ApiError(404, 'Not Found');
  return issue;
}

export function closeIssue(platform: Platform, issue: Issue, actor: Actor, reason: Issue['stateReason']): void {
  issue.state = 'closed';
  issue.stateReason = issue.pull === null ? reason : null;
  issue.closedAt = platform.timestamp();
  issue.updatedAt = issue.closedAt;
  issue.closedBy = actor;
}

export function reopenIssue(platform: Platform, issue: Issue): void {
  issue.state = 'open';
  issue.stateReason = issue.pull === null ? 'reopened' : null;
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = platform.timestamp();
}

export function emitIssue(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  issue: Issue,
  action: string,
  extra: Record<string, unknown> = {},
): void {
  const payload = { issue: issuePayload(platform, repository, issue), ...extra };
  platform.kernel.emit({ name: 'issues', action, repository, actor, payload });
}

/** GitHub's nine words; `closes #3`, `Fixed: #4`. */
const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi;

/** Closes the issues that texts of a merge name, when it went to the default branch. */
export function closeMentionedIssues(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  texts: readonly string[],
): void {
  const numbers = new Set(texts.flatMap((text) => [...text.matchAll(CLOSING)].map((match) => Number(match[1]))));
  for (const number of numbers) {
    const issue = repository.issues.get(number);
    if (issue === undefined || issue.pull !== null || issue.state !== 'open') continue;
    closeIssue(platform, issue, actor, 'completed');
    emitIssue(platform, repository, actor, issue, 'closed');
  }
}
