import { z } from 'zod';
import { emitPull } from '../events/record-ref-changes.ts';
import { closeIssue, createIssue, emitIssue, reopenIssue, requireIssue } from '../issues/change-issue.ts';
import { saveLabel } from '../issues/save-label.ts';
import { type Actor, ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { issuePayload, labelPayload } from '../payloads/issue.ts';
import { hasRole } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { numberParameter, query, readBody } from '../read-request.ts';
import type { Issue, Repository } from '../records.ts';

const Body = z.string().max(65_536, 'body is too long (maximum is 65536 characters)');
const LabelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const NewIssue = z.object({
  title: z.union([z.string().min(1).max(256), z.number().transform(String)]),
  body: Body.nullish(),
  labels: z.array(LabelName).default([]),
  assignees: z.array(z.string()).default([]),
});
const IssueUpdate = z.object({
  title: z.union([z.string().min(1).max(256), z.number().transform(String)]).optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullish(),
  labels: z.array(LabelName).optional(),
  assignees: z.array(z.string()).optional(),
});

export function mountIssues(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: ['issues', 'pull_requests'], access: 'read' } as const;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/issues',
    needs: { permission: 'issues', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const issues = sortIssues(context, filterIssues(context, repository));
      return paginate(context, issues).map((issue) => issuePayload(platform, repository, issue));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/issues',
    needs: { permission: 'issues', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewIssue);
      const issue = createIssue(platform, repository, {
        title: body.title,
        body: body.body ?? null,
        author: actor,
        pull: null,
      });
      // Labels and assignees of people without triage are dropped in silence, as on GitHub.
      if (mayTriage(context)) {
        issue.assignees = body.assignees;
        issue.labels = body.labels.map((name) => saveLabel(platform, repository, name).name);
      }
      emitIssue(platform, repository, actor, issue, 'opened');
      for (const name of issue.labels) emitLabel(platform, repository, actor, issue, name, 'labeled');
      context.reply.code(201);
      return issuePayload(platform, repository, issue);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/issues/:issue_number',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return issuePayload(platform, repository, requireIssue(repository, numberParameter(context, 'issue_number')));
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/issues/:issue_number',
    needs: { permission: ['issues', 'pull_requests'], access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const issue = requireIssue(repository, numberParameter(context, 'issue_number'));
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      if (!mayTriage(context) && actor.login !== issue.author.login)
        throw new ApiError(403, 'Must have triage access to repository');
      updateIssue(platform, repository, actor, issue, readBody(context, IssueUpdate));
      return issuePayload(platform, repository, issue);
    },
  });
}

/** Apps and jobs have their permission; people need the role. */
export function mayTriage({ actor, role }: RouteContext): boolean {
  return actor?.kind !== 'user' || hasRole(role, 'triage');
}

export function emitLabel(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  issue: Issue,
  name: string,
  action: 'labeled' | 'unlabeled',
): void {
  const label = repository.labels.get(name.toLowerCase());
  if (label === undefined) return;
  const extra = { label: labelPayload(platform, repository, label) };
  if (issue.pull === null) emitIssue(platform, repository, actor, issue, action, extra);
  else emitPull(platform, repository, actor, issue, issue.pull, action, extra);
}

function updateIssue(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  issue: Issue,
  body: z.infer<typeof IssueUpdate>,
): void {
  const changes: Record<string, unknown> = {};
  if (body.title !== undefined && body.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = body.title;
  }
  if (body.body !== undefined && body.body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = body.body;
  }
  issue.updatedAt = platform.timestamp();
  if (body.assignees !== undefined) issue.assignees = body.assignees;
  if (Object.keys(changes).length > 0) emitIssue(platform, repository, actor, issue, 'edited', { changes });
  if (body.labels !== undefined) {
    const before = issue.labels;
    issue.labels = body.labels.map((name) => saveLabel(platform, repository, name).name);
    for (const name of issue.labels)
      if (!before.includes(name)) emitLabel(platform, repository, actor, issue, name, 'labeled');
    for (const name of before)
      if (!issue.labels.includes(name)) emitLabel(platform, repository, actor, issue, name, 'unlabeled');
  }
  if (body.state === 'closed' && issue.state === 'open') {
    closeIssue(platform, issue, actor, body.state_reason ?? 'completed');
    emitIssue(platform, repository, actor, issue, 'closed');
  } else if (body.state === 'open' && issue.state === 'closed' && !issue.pull?.merged) {
    reopenIssue(platform, issue);
    emitIssue(platform, repository, actor, issue, 'reopened');
  }
}

function filterIssues(context: RouteContext, repository: Repository): Issue[] {
  const state = query(context, 'state') ?? 'open';
  const labels = (query(context, 'labels') ?? '').toLowerCase().split(',').filter(Boolean);
  const creator = query(context, 'creator');
  const since = query(context, 'since');
  return [...repository.issues.values()].filter((issue) => {
    const own = issue.labels.map((name) => name.toLowerCase());
    return (
      (state === 'all' || issue.state === state) &&
      labels.every((name) => own.includes(name.trim())) &&
      (creator === null || issue.author.login === creator) &&
      (since === null || Date.parse(issue.updatedAt) >= Date.parse(since))
    );
  });
}

function sortIssues(context: RouteContext, issues: Issue[]): Issue[] {
  const byUpdate = query(context, 'sort') === 'updated';
  const key = (issue: Issue): string => (byUpdate ? issue.updatedAt : '');
  const ascending = issues.toSorted((a, b) => key(a).localeCompare(key(b)) || a.number - b.number);
  return query(context, 'direction') === 'asc' ? ascending : ascending.reverse();
}
