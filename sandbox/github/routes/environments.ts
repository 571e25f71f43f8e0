import { z } from 'zod';
import { saveEnvironment } from '../environments/save-environment.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { branchPolicyPayload, environmentPayload } from '../payloads/environment.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, parameter, readBody } from '../read-request.ts';
import type { Environment, Repository } from '../records.ts';

const Settings = z.object({
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .refine((policy) => policy.protected_branches !== policy.custom_branch_policies, {
      message: 'protected_branches and custom_branch_policies cannot have the same value',
    })
    .nullish(),
});
const NewPolicy = z.object({ name: z.string().min(1), type: z.enum(['branch', 'tag']).default('branch') });

/** Environments and the branches that may deploy to them. */
export function mountEnvironments(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: ['actions', 'environments'], access: 'read' } as const;
  const write = { permission: 'administration', access: 'write' } as const;
  const single = '/repos/:owner/:repo/environments/:environment_name';
  const policies = `${single}/deployment-branch-policies`;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/environments',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const all = [...repository.environments.values()];
      const environments = paginate(context, all).map((one) => environmentPayload(platform, repository, one));
      return { total_count: all.length, environments };
    },
  });

  kernel.route({
    method: 'GET',
    path: single,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return environmentPayload(platform, repository, requireEnvironment(context, repository));
    },
  });

  kernel.route({
    method: 'PUT',
    path: single,
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { deployment_branch_policy: policy } = readBody(context, Settings);
      const environment = saveEnvironment(platform, repository, parameter(context, 'environment_name'));
      if (policy !== undefined) {
        environment.branchPolicy = policy === null ? 'all' : policy.protected_branches ? 'protected' : 'custom';
      }
      environment.updatedAt = platform.timestamp();
      return environmentPayload(platform, repository, environment);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: single,
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      repository.environments.delete(requireEnvironment(context, repository).name.toLowerCase());
    },
  });

  kernel.route({
    method: 'GET',
    path: policies,
    needs: read,
    async handler(context) {
      const { branches } = requireEnvironment(context, requireRepository(platform, context));
      return { total_count: branches.length, branch_policies: paginate(context, branches).map(branchPolicyPayload) };
    },
  });

  kernel.route({
    method: 'POST',
    path: policies,
    needs: write,
    async handler(context) {
      const environment = requireEnvironment(context, requireRepository(platform, context));
      if (environment.branchPolicy !== 'custom') throw new ApiError(404, 'Not Found');
      const { name } = readBody(context, NewPolicy);
      const known = environment.branches.find((branch) => branch.name === name);
      if (known !== undefined) {
        // GitHub sends whoever repeats themselves to the policy that is there.
        return branchPolicyPayload(known);
      }
      const branch = { id: kernel.nextId(), name };
      environment.branches.push(branch);
      return branchPolicyPayload(branch);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: `${policies}/:branch_policy_id`,
    needs: write,
    async handler(context) {
      const environment = requireEnvironment(context, requireRepository(platform, context));
      const id = numberParameter(context, 'branch_policy_id');
      const branch = found(environment.branches.find((one) => one.id === id));
      environment.branches = environment.branches.filter((one) => one !== branch);
    },
  });
}

function requireEnvironment(context: RouteContext, repository: Repository): Environment {
  return found(repository.environments.get(parameter(context, 'environment_name').toLowerCase()));
}
