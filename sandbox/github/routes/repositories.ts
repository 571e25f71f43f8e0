import { z } from 'zod';
import { createRepository } from '../create-repository.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { simpleUser } from '../payloads/account.ts';
import { repositoryDetails } from '../payloads/repository.ts';
import { findRole, hasRole } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, readBody } from '../read-request.ts';
import type { Repository } from '../records.ts';
import { requireUser } from './users.ts';

const NewRepository = z.object({
  name: z.string().regex(/^[\w.-]{1,100}$/),
  description: z.string().nullish(),
  private: z.boolean().default(false),
  delete_branch_on_merge: z.boolean().default(false),
});

const RepositoryChange = z.object({
  description: z.string().nullish(),
  private: z.boolean().optional(),
  default_branch: z.string().optional(),
  delete_branch_on_merge: z.boolean().optional(),
});

/** Repositories themselves and who may do what in them. */
export function mountRepositories(platform: Platform): void {
  const { kernel, state } = platform;

  const describe = (context: RouteContext, repository: Repository): Record<string, unknown> => ({
    ...kernel.repositoryPayload(repository),
    ...repositoryDetails(repository),
    ...(context.actor?.kind === 'user' ? { permissions: roleFlags(platform, repository, context.actor.login) } : {}),
  });

  const create = async (context: RouteContext, owner: string): Promise<unknown> => {
    const body = readBody(context, NewRepository);
    const repository = await createRepository(platform, {
      owner,
      name: body.name,
      description: body.description ?? null,
      private: body.private,
      deleteBranchOnMerge: body.delete_branch_on_merge,
    });
    context.reply.code(201).header('location', `${kernel.url}/repos/${owner}/${body.name}`);
    return describe(context, repository);
  };

  kernel.route({
    method: 'POST',
    path: '/user/repos',
    needs: 'anyone',
    handler: async (context) => create(context, requireUser(platform, context).login),
  });

  kernel.route({
    method: 'POST',
    path: '/orgs/:org/repos',
    needs: 'anyone',
    async handler(context) {
      const user = requireUser(platform, context);
      const org = found(platform.account(parameter(context, 'org')));
      if (org.type !== 'Organization') throw new ApiError(404, 'Not Found');
      if (!org.owners.has(user.login.toLowerCase())) {
        throw new ApiError(403, 'You need admin access to the organization before adding a repository to it.');
      }
      return create(context, org.login);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/orgs/:org/repos',
    needs: 'anyone',
    async handler(context) {
      const org = found(platform.account(parameter(context, 'org')));
      const login = context.actor?.kind === 'user' ? context.actor.login : '';
      const visible = [...state.repositories.values()].filter(
        (one) => one.owner === org.login && findRole(state, one, login) !== null,
      );
      return paginate(context, visible).map((one) => kernel.repositoryPayload(one));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo',
    needs: { permission: 'metadata', access: 'read' },
    handler: async (context) => describe(context, requireRepository(platform, context)),
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo',
    needs: { permission: 'administration', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const body = readBody(context, RepositoryChange);
      if (body.default_branch !== undefined) await setDefaultBranch(repository, body.default_branch);
      if (body.description !== undefined) repository.description = body.description ?? null;
      if (body.private !== undefined) repository.private = body.private;
      if (body.delete_branch_on_merge !== undefined) repository.deleteBranchOnMerge = body.delete_branch_on_merge;
      repository.updatedAt = platform.timestamp();
      return describe(context, repository);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/collaborators/:username/permission',
    needs: { permission: 'metadata', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const account = found(platform.account(parameter(context, 'username')));
      const role = account.type === 'User' ? findRole(state, repository, account.login) : null;
      // The old four-word permission folds the two roles in between.
      const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : (role ?? 'none');
      const flags = roleFlags(platform, repository, account.login);
      const user = simpleUser(kernel.url, account);
      return {
        permission,
        role_name: role ?? 'none',
        user: { ...user, permissions: flags, role_name: role ?? 'none' },
      };
    },
  });
}

function roleFlags({ state }: Platform, repository: Repository, login: string): Record<string, boolean> {
  const role = findRole(state, repository, login);
  return {
    admin: hasRole(role, 'admin'),
    maintain: hasRole(role, 'maintain'),
    push: hasRole(role, 'write'),
    triage: hasRole(role, 'triage'),
    pull: hasRole(role, 'read'),
  };
}

async function setDefaultBranch(repository: Repository, branch: string): Promise<void> {
  if ((await repository.git.info(`refs/heads/${branch}`)) === null) {
    throw new ApiError(422, 'Validation Failed', [
      { resource: 'Repository', field: 'default_branch', code: 'invalid' },
    ]);
  }
  await repository.git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  repository.defaultBranch = branch;
}
