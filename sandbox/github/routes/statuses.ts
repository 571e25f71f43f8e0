import { z } from 'zod';
import { ApiError } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { commitPayload } from '../payloads/commit.ts';
import { repositoryUrl } from '../payloads/issue.ts';
import { combinedState, latestStatuses, statusPayload } from '../payloads/status.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { parameter, readBody } from '../read-request.ts';
import type { CommitStatus } from '../records.ts';
import { requireCommit } from './commits.ts';

const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().max(140).nullish(),
  context: z.string().default('default'),
});

/** Statuses of one context on one commit before GitHub refuses more. */
const MOST = 1000;

export function mountStatuses(platform: Platform): void {
  const { kernel } = platform;

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/statuses/:sha',
    needs: { permission: 'statuses', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      if (context.actor === null) throw new ApiError(401, 'Requires authentication');
      const commit = await requireCommit(repository, parameter(context, 'sha'));
      const body = readBody(context, NewStatus);
      const same = repository.statuses.filter(({ sha, context: name }) => sha === commit.oid && name === body.context);
      if (same.length >= MOST)
        throw new ApiError(422, 'This SHA and context has reached the maximum number of statuses.');
      const status: CommitStatus = {
        id: kernel.nextId(),
        sha: commit.oid,
        state: body.state,
        context: body.context,
        description: body.description ?? null,
        targetUrl: body.target_url ?? null,
        creator: context.actor,
        createdAt: platform.timestamp(),
      };
      repository.statuses.push(status);
      const described = statusPayload(platform, repository, status);
      kernel.emit({
        name: 'status',
        action: null,
        repository,
        actor: context.actor,
        payload: {
          ...described,
          sha: commit.oid,
          name: `${repository.owner}/${repository.name}`,
          commit: commitPayload(platform, repository, commit),
          branches: [],
        },
      });
      context.reply.code(201);
      return described;
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/statuses',
    needs: { permission: 'statuses', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { oid } = await requireCommit(repository, parameter(context, 'ref'));
      const all = repository.statuses.filter(({ sha }) => sha === oid).toReversed();
      return paginate(context, all).map((status) => statusPayload(platform, repository, status));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/commits/:ref/status',
    needs: { permission: 'statuses', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { oid } = await requireCommit(repository, parameter(context, 'ref'));
      const latest = latestStatuses(repository, oid);
      const api = repositoryUrl(platform, repository);
      return {
        state: combinedState(latest),
        statuses: paginate(context, latest).map((status) => statusPayload(platform, repository, status)),
        sha: oid,
        total_count: latest.length,
        repository: kernel.repositoryPayload(repository),
        commit_url: `${api}/commits/${oid}`,
        url: `${api}/commits/${oid}/status`,
      };
    },
  });
}
