import { z } from 'zod';
import { ApiError } from '../kernel.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { mergePull } from '../pulls/merge-pull.ts';
import { readBody } from '../read-request.ts';
import { requirePull } from './pulls.ts';

const MergeBody = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});

export function mountPullMerge(platform: Platform): void {
  const path = '/repos/:owner/:repo/pulls/:pull_number/merge';

  platform.kernel.route({
    method: 'GET',
    path,
    needs: { permission: 'pull_requests', access: 'read' },
    async handler(context) {
      const { pull } = requirePull(context, requireRepository(platform, context));
      if (!pull.merged) throw new ApiError(404, 'Not Found');
    },
  });

  platform.kernel.route({
    method: 'PUT',
    path,
    needs: { permission: 'contents', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { issue, pull } = requirePull(context, repository);
      const { actor, role } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, MergeBody);
      const order = {
        method: body.merge_method,
        title: body.commit_title ?? null,
        message: body.commit_message ?? null,
        expectedHead: body.sha ?? null,
        actor,
        role,
      };
      const sha = await mergePull(platform, repository, issue, pull, order);
      return { sha, merged: true, message: 'Pull Request successfully merged' };
    },
  });
}
