import { z } from 'zod';
import { emitPull } from '../events/record-ref-changes.ts';
import { readCommit } from '../git/commit-object.ts';
import { diffFiles } from '../git/diff-files.ts';
import { listCommits, mergeBase } from '../git/merge-commits.ts';
import { closeIssue, createIssue, reopenIssue, requireIssue } from '../issues/change-issue.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { commitPayload, filePayload } from '../payloads/commit.ts';
import { pullPayload, pullSimplePayload } from '../payloads/pull.ts';
import { allows, hasRole } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { refreshPulls } from '../pulls/refresh-pulls.ts';
import { found, numberParameter, query, readBody } from '../read-request.ts';
import type { Issue, Pull, Repository } from '../records.ts';

const Body = z.string().max(65_536, 'body is too long (maximum is 65536 characters)');
const NewPull = z.object({
  title: z.string().min(1).max(256),
  head: z.string(),
  base: z.string(),
  body: Body.nullish(),
  draft: z.boolean().default(false),
});
const PullUpdate = z.object({
  title: z.string().min(1).max(256).optional(),
  body: Body.nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

/** Pull requests; merging has its own file. */
export function mountPulls(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'pull_requests', access: 'read' } as const;
  const write = { permission: 'pull_requests', access: 'write' } as const;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/pulls',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const pulls = sortPulls(context, filterPulls(context, repository));
      return paginate(context, pulls).map(({ issue, pull }) => pullSimplePayload(platform, repository, issue, pull));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/pulls',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewPull);
      const { issue, pull } = await repository.git.exclusive(async () => {
        const pull = await newPull(platform, repository, body);
        const issue = createIssue(platform, repository, {
          title: body.title,
          body: body.body ?? null,
          author: actor,
          pull,
        });
        await refreshPulls(platform, repository, [{ issue, pull }]);
        return { issue, pull };
      });
      emitPull(platform, repository, actor, issue, pull, 'opened');
      context.reply.code(201);
      return pullPayload(platform, repository, issue, pull);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/pulls/:pull_number',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { issue, pull } = requirePull(context, repository);
      return pullPayload(platform, repository, issue, pull);
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/pulls/:pull_number',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { issue, pull } = requirePull(context, repository);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const own = actor.login === issue.author.login;
      if (actor.kind === 'user' && !own && !hasRole(context.role, 'write'))
        throw new ApiError(403, 'Must have push access to repository');
      await updatePull(platform, repository, context, issue, pull);
      return pullPayload(platform, repository, issue, pull);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/pulls/:pull_number/files',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { pull } = requirePull(context, repository);
      const fork = await mergeBase(repository.git, pull.base.sha, pull.head.sha);
      const files = fork === null ? [] : await diffFiles(repository.git, fork, pull.head.sha, true);
      return paginate(context, files).map((file) => filePayload(platform, repository, pull.head.sha, file));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/pulls/:pull_number/commits',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { pull } = requirePull(context, repository);
      const oids = (await listCommits(repository.git, pull.base.sha, pull.head.sha)).reverse();
      const commits = await Promise.all(paginate(context, oids).map((oid) => readCommit(repository.git, oid)));
      return commits.filter((commit) => commit !== null).map((commit) => commitPayload(platform, repository, commit));
    },
  });
}

export function requirePull(context: RouteContext, repository: Repository): { issue: Issue; pull: Pull } {
  const issue = requireIssue(repository, numberParameter(context, 'pull_number'));
  return { issue, pull: found(issue.pull) };
}

async function newPull(platform: Platform, repository: Repository, body: z.infer<typeof NewPull>): Promise<Pull> {
  const ref = body.head.replace(/^[^:]*:/, '');
  const invalid = (field: string): ApiError =>
    new ApiError(422, 'Validation Failed', [{ resource: 'PullRequest', field, code: 'invalid' }]);
  const head = await repository.git.commitOid(`refs/heads/${ref}`);
  const base = await repository.git.commitOid(`refs/heads/${body.base}`);
  if (head === null) throw invalid('head');
  if (base === null) throw invalid('base');
  const custom = (message: string): ApiError =>
    new ApiError(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
  if ((await listCommits(repository.git, base, head, ['--max-count=1'])).length === 0) {
    throw custom(`No commits between ${body.base} and ${ref}`);
  }
  const twin = [...repository.issues.values()].some(
    ({ state, pull }) => state === 'open' && pull?.head.ref === ref && pull.base.ref === body.base,
  );
  if (twin) throw custom(`A pull request already exists for ${repository.owner}:${ref}.`);
  return {
    id: platform.kernel.nextId(),
    head: { ref, sha: head },
    base: { ref: body.base, sha: base },
    draft: body.draft,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    mergeable: false,
    behind: false,
    compared: '',
    commits: 0,
    additions: 0,
    deletions: 0,
    changedFiles: 0,
    reviews: [],
  };
}

async function updatePull(
  platform: Platform,
  repository: Repository,
  context: RouteContext,
  issue: Issue,
  pull: Pull,
): Promise<void> {
  const { actor } = context;
  if (actor === null) return;
  const body = readBody(context, PullUpdate);
  const changes: Record<string, unknown> = {};
  if (body.title !== undefined && body.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = body.title;
  }
  if (body.body !== undefined && body.body !== issue.body) {
    changes.body = { from: issue.body };
    issue.body = body.body;
  }
  if (body.base !== undefined && body.base !== pull.base.ref) {
    const sha = await repository.git.commitOid(`refs/heads/${body.base}`);
    if (sha === null)
      throw new ApiError(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
    changes.base = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } };
    pull.base = { ref: body.base, sha };
    await repository.git.exclusive(() => refreshPulls(platform, repository, [{ issue, pull }]));
  }
  issue.updatedAt = platform.timestamp();
  if (Object.keys(changes).length > 0) emitPull(platform, repository, actor, issue, pull, 'edited', { changes });
  if (body.state === 'closed' && issue.state === 'open') {
    closeIssue(platform, issue, actor, 'completed');
    emitPull(platform, repository, actor, issue, pull, 'closed');
  }
  if (body.state === 'open' && issue.state === 'closed') await reopenPull(platform, repository, context, issue, pull);
}

async function reopenPull(
  platform: Platform,
  repository: Repository,
  { actor, permissions }: RouteContext,
  issue: Issue,
  pull: Pull,
): Promise<void> {
  const head = await repository.git.commitOid(`refs/heads/${pull.head.ref}`);
  if (actor === null || !allows(permissions, 'pull_requests', 'write')) return;
  if (pull.merged || head === null)
    throw new ApiError(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'state', code: 'invalid' }]);
  reopenIssue(platform, issue);
  pull.head.sha = head;
  pull.base.sha = (await repository.git.commitOid(`refs/heads/${pull.base.ref}`)) ?? pull.base.sha;
  await repository.git.exclusive(() => refreshPulls(platform, repository, [{ issue, pull }]));
  emitPull(platform, repository, actor, issue, pull, 'reopened');
}

function filterPulls(context: RouteContext, repository: Repository): { issue: Issue; pull: Pull }[] {
  const state = query(context, 'state') ?? 'open';
  const head = query(context, 'head');
  const base = query(context, 'base');
  return [...repository.issues.values()]
    .flatMap((issue) => (issue.pull === null ? [] : [{ issue, pull: issue.pull }]))
    .filter(({ issue, pull }) => {
      const label = `${repository.owner}:${pull.head.ref}`;
      return (
        (state === 'all' || issue.state === state) &&
        (head === null || head.toLowerCase() === label.toLowerCase()) &&
        (base === null || pull.base.ref === base)
      );
    });
}

function sortPulls(context: RouteContext, pulls: { issue: Issue; pull: Pull }[]): { issue: Issue; pull: Pull }[] {
  const byUpdate = query(context, 'sort') === 'updated';
  const key = ({ issue }: { issue: Issue }): string => (byUpdate ? issue.updatedAt : '');
  const ascending = pulls.toSorted((a, b) => key(a).localeCompare(key(b)) || a.issue.number - b.issue.number);
  return query(context, 'direction') === 'asc' ? ascending : ascending.reverse();
}
