import { z } from 'zod';
import { requireIssue } from '../issues/change-issue.ts';
import { type Actor, ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { commentPayload, issuePayload } from '../payloads/issue.ts';
import { hasRole } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, query, readBody } from '../read-request.ts';
import type { Comment, Repository } from '../records.ts';

const LONGEST = 65_536;
const CommentBody = z.object({ body: z.string().min(1) });

/** Comments on issues and pull requests. */
export function mountComments(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: ['issues', 'pull_requests'], access: 'read' } as const;
  const write = { permission: ['issues', 'pull_requests'], access: 'write' } as const;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/issues/:issue_number/comments',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { number } = requireIssue(repository, numberParameter(context, 'issue_number'));
      const since = query(context, 'since');
      const comments = [...repository.comments.values()].filter(
        (one) => one.issueNumber === number && (since === null || Date.parse(one.updatedAt) >= Date.parse(since)),
      );
      return paginate(context, comments).map((one) => commentPayload(platform, repository, one));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/issues/:issue_number/comments',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const issue = requireIssue(repository, numberParameter(context, 'issue_number'));
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const time = platform.timestamp();
      const comment: Comment = {
        id: kernel.nextId(),
        issueNumber: issue.number,
        body: readCommentBody(context),
        author: actor,
        reactions: [],
        createdAt: time,
        updatedAt: time,
      };
      repository.comments.set(comment.id, comment);
      issue.updatedAt = time;
      emitComment(platform, repository, actor, comment, 'created');
      context.reply.code(201);
      return commentPayload(platform, repository, comment);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/issues/comments/:comment_id',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return commentPayload(platform, repository, requireComment(context, repository));
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/issues/comments/:comment_id',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const comment = requireComment(context, repository);
      const actor = requireAuthority(context, comment);
      const before = comment.body;
      comment.body = readCommentBody(context);
      comment.updatedAt = platform.timestamp();
      emitComment(platform, repository, actor, comment, 'edited', { changes: { body: { from: before } } });
      return commentPayload(platform, repository, comment);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: '/repos/:owner/:repo/issues/comments/:comment_id',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const comment = requireComment(context, repository);
      const actor = requireAuthority(context, comment);
      emitComment(platform, repository, actor, comment, 'deleted');
      repository.comments.delete(comment.id);
    },
  });
}

export function requireComment(context: RouteContext, repository: Repository): Comment {
  return found(repository.comments.get(numberParameter(context, 'comment_id')));
}

function readCommentBody(context: RouteContext): string {
  const { body } = readBody(context, CommentBody);
  if (body.length <= LONGEST) return body;
  throw new ApiError(422, 'Validation Failed', [
    {
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message: `Body is too long (maximum is ${LONGEST} characters)`,
    },
  ]);
}

/** Anyone may change their own comment; another's needs push access, or an App's permission to write issues. */
function requireAuthority({ actor, role }: RouteContext, comment: Comment): Actor {
  if (actor === null) throw new ApiError(401, 'Requires authentication');
  if (actor.kind !== 'user' || actor.login === comment.author.login || hasRole(role, 'write')) return actor;
  throw new ApiError(403, 'Must have push access to repository');
}

function emitComment(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  comment: Comment,
  action: string,
  extra: Record<string, unknown> = {},
): void {
  const issue = requireIssue(repository, comment.issueNumber);
  const payload = {
    issue: issuePayload(platform, repository, issue),
    comment: commentPayload(platform, repository, comment),
    ...extra,
  };
  platform.kernel.emit({ name: 'issue_comment', action, repository, actor, payload });
}
