import { z } from 'zod';
import { addDeploymentStatus } from '../deployments/add-deployment-status.ts';
import { mergeDefaultBranch } from '../deployments/merge-default-branch.ts';
import { saveEnvironment } from '../environments/save-environment.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { deploymentPayload, deploymentStatusPayload } from '../payloads/deployment.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { redChecks } from '../pulls/unmet-checks.ts';
import { found, numberParameter, query, readBody } from '../read-request.ts';
import type { Deployment, Repository } from '../records.ts';

const NewDeployment = z.object({
  ref: z.string().min(1),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default('production'),
  description: z.string().max(140).nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  target_url: z.string().default(''),
  log_url: z.string().optional(),
  description: z.string().max(140).default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  auto_inactive: z.boolean().default(true),
});

/** GitHub's deploy log. */
export function mountDeployments(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'deployments', access: 'read' } as const;
  const write = { permission: 'deployments', access: 'write' } as const;
  const listing = '/repos/:owner/:repo/deployments';
  const statuses = `${listing}/:deployment_id/statuses`;

  kernel.route({
    method: 'GET',
    path: listing,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const matches = (name: string, value: string): boolean => [null, value].includes(query(context, name));
      const wanted = [...repository.deployments.values()].filter(
        ({ environment, sha, ref, task }) =>
          matches('environment', environment) && matches('sha', sha) && matches('ref', ref) && matches('task', task),
      );
      return paginate(context, wanted.toReversed()).map((one) => deploymentPayload(platform, repository, one));
    },
  });

  kernel.route({
    method: 'POST',
    path: listing,
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewDeployment);
      const sha = await repository.git.commitOid(body.ref);
      if (sha === null) throw new ApiError(422, `No ref found for: ${body.ref}`);
      if (body.auto_merge && (await mergeDefaultBranch(platform, repository, actor, body.ref, sha))) {
        context.reply.code(202);
        return { message: `Auto-merged ${repository.defaultBranch} into ${body.ref} on deployment.` };
      }
      const red = redChecks(repository, sha, body.required_contexts ?? null);
      if (red.length > 0) {
        throw new ApiError(409, `Conflict: Commit status checks failed for ${body.ref}.`, [
          { contexts: red, resource: 'Deployment', field: 'required_contexts', code: 'invalid' },
        ]);
      }
      const { environment, time } = { environment: body.environment, time: platform.timestamp() };
      saveEnvironment(platform, repository, environment);
      const deployment: Deployment = {
        id: kernel.nextId(),
        sha,
        ref: body.ref,
        task: body.task,
        payload: body.payload,
        environment,
        description: body.description ?? null,
        transient: body.transient_environment,
        production: body.production_environment ?? environment === 'production',
        creator: actor,
        createdAt: time,
        updatedAt: time,
        statuses: [],
      };
      repository.deployments.set(deployment.id, deployment);
      const described = deploymentPayload(platform, repository, deployment);
      kernel.emit({ name: 'deployment', action: 'created', repository, actor, payload: { deployment: described } });
      context.reply.code(201);
      return described;
    },
  });

  kernel.route({
    method: 'GET',
    path: `${listing}/:deployment_id`,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return deploymentPayload(platform, repository, requireDeployment(context, repository));
    },
  });

  kernel.route({
    method: 'DELETE',
    path: `${listing}/:deployment_id`,
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const deployment = requireDeployment(context, repository);
      const active = deployment.statuses.at(-1)?.state !== 'inactive' && repository.deployments.size > 1;
      if (active)
        throw new ApiError(
          422,
          'We cannot delete an active deployment unless it is the only deployment in a given environment.',
        );
      repository.deployments.delete(deployment.id);
    },
  });

  kernel.route({
    method: 'GET',
    path: statuses,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const deployment = requireDeployment(context, repository);
      return paginate(context, deployment.statuses.toReversed()).map((status) =>
        deploymentStatusPayload(platform, repository, deployment, status),
      );
    },
  });

  kernel.route({
    method: 'POST',
    path: statuses,
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const deployment = requireDeployment(context, repository);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewStatus);
      const status = addDeploymentStatus(platform, repository, deployment, actor, {
        state: body.state,
        description: body.description,
        environment: body.environment ?? deployment.environment,
        environmentUrl: body.environment_url,
        logUrl: body.log_url ?? body.target_url,
        autoInactive: body.auto_inactive,
      });
      context.reply.code(201);
      return deploymentStatusPayload(platform, repository, deployment, status);
    },
  });

  kernel.route({
    method: 'GET',
    path: `${statuses}/:status_id`,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const deployment = requireDeployment(context, repository);
      const id = numberParameter(context, 'status_id');
      const status = found(deployment.statuses.find((one) => one.id === id));
      return deploymentStatusPayload(platform, repository, deployment, status);
    },
  });
}

function requireDeployment(context: RouteContext, repository: Repository): Deployment {
  return found(repository.deployments.get(numberParameter(context, 'deployment_id')));
}
