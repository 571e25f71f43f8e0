import { z } from 'zod';
import { requireIssue } from '../issues/change-issue.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { reactionPayload } from '../payloads/issue.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, query, readBody } from '../read-request.ts';
import type { Reaction } from '../records.ts';
import { requireComment } from './comments.ts';

const NewReaction = z.object({
  content: z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']),
});

/** Reactions to issues, pull requests and their comments. */
export function mountReactions(platform: Platform): void {
  const issue = '/repos/:owner/:repo/issues/:issue_number/reactions';
  const comment = '/repos/:owner/:repo/issues/comments/:comment_id/reactions';
  mountReactionsOf(platform, issue, (context) => {
    const repository = requireRepository(platform, context);
    return requireIssue(repository, numberParameter(context, 'issue_number')).reactions;
  });
  mountReactionsOf(platform, comment, (context) => {
    return requireComment(context, requireRepository(platform, context)).reactions;
  });
}

function mountReactionsOf(platform: Platform, path: string, reactionsOf: (context: RouteContext) => Reaction[]): void {
  const { kernel } = platform;
  const write = { permission: ['issues', 'pull_requests'], access: 'write' } as const;

  kernel.route({
    method: 'GET',
    path,
    needs: { permission: ['issues', 'pull_requests'], access: 'read' },
    async handler(context) {
      const content = query(context, 'content');
      const wanted = reactionsOf(context).filter((one) => content === null || one.content === content);
      return paginate(context, wanted).map((one) => reactionPayload(platform, one));
    },
  });

  kernel.route({
    method: 'POST',
    path,
    needs: write,
    async handler(context) {
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const reactions = reactionsOf(context);
      const { content } = readBody(context, NewReaction);
      const known = reactions.find((one) => one.content === content && one.actor.login === actor.login);
      if (known !== undefined) return reactionPayload(platform, known);
      const reaction: Reaction = { id: kernel.nextId(), content, actor, createdAt: platform.timestamp() };
      reactions.push(reaction);
      context.reply.code(201);
      return reactionPayload(platform, reaction);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: `${path}/:reaction_id`,
    needs: write,
    async handler(context) {
      const reactions = reactionsOf(context);
      const id = numberParameter(context, 'reaction_id');
      const reaction = found(reactions.find((one) => one.id === id));
      if (reaction.actor.login !== context.actor?.login) throw new ApiError(403, 'Must be the author of the reaction');
      reactions.splice(reactions.indexOf(reaction), 1);
    },
  });
}
