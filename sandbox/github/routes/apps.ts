import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { authenticate } from '../authenticate.ts';
import { ApiError, type Permissions, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { appPayload, installationPayload } from '../payloads/app.ts';
import { allows } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, parameter, readBody } from '../read-request.ts';
import type { App, Installation } from '../records.ts';

const TokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

const HOUR = 3_600_000;

/** An App about itself, its installations and the tokens they get. */
export function mountApps(platform: Platform): void {
  const { kernel, state } = platform;
  const own = (context: RouteContext): Installation[] =>
    [...state.installations.values()].filter(({ appId }) => appId === callingApp(platform, context).id);

  kernel.route({
    method: 'GET',
    path: '/app',
    needs: 'app-jwt',
    handler: async (context) => appPayload(platform, callingApp(platform, context)),
  });

  kernel.route({
    method: 'GET',
    path: '/apps/:app_slug',
    needs: 'anyone',
    async handler(context) {
      const slug = parameter(context, 'app_slug');
      return appPayload(platform, found([...state.apps.values()].find((app) => app.slug === slug)));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/app/installations',
    needs: 'app-jwt',
    handler: async (context) => paginate(context, own(context)).map((one) => installationPayload(platform, one)),
  });

  kernel.route({
    method: 'GET',
    path: '/app/installations/:installation_id',
    needs: 'app-jwt',
    async handler(context) {
      const id = numberParameter(context, 'installation_id');
      return installationPayload(platform, found(own(context).find((one) => one.id === id)));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/installation',
    needs: 'app-jwt',
    async handler(context) {
      const { id } = requireRepository(platform, context);
      return installationPayload(platform, found(own(context).find((one) => one.repositoryIds.has(id))));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/app/installations/:installation_id/access_tokens',
    needs: 'app-jwt',
    async handler(context) {
      const id = numberParameter(context, 'installation_id');
      const installation = found(own(context).find((one) => one.id === id));
      const body = readBody(context, TokenRequest);
      const permissions = narrowPermissions(callingApp(platform, context), body.permissions);
      const repositoryIds = narrowRepositories(platform, installation, body);
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const expiresAt = kernel.now().getTime() + HOUR;
      state.credentials.set(token, {
        kind: 'installation',
        installationId: id,
        permissions,
        repositoryIds,
        expiresAt,
      });
      context.reply.code(201);
      return {
        token,
        expires_at: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
        permissions,
        repository_selection: 'selected',
      };
    },
  });

  kernel.route({
    method: 'GET',
    path: '/installation/repositories',
    needs: 'anyone',
    async handler(context) {
      const { credential } = authenticate(state, context.request.headers.authorization, kernel.now());
      if (credential?.kind !== 'installation') throw new ApiError(403, 'Resource not accessible by integration');
      const all = [...state.repositories.values()].filter(({ id }) => credential.repositoryIds.has(id));
      const repositories = paginate(context, all).map((one) => kernel.repositoryPayload(one));
      return { total_count: all.length, repository_selection: 'selected', repositories };
    },
  });

  kernel.route({
    method: 'DELETE',
    path: '/installation/token',
    needs: 'anyone',
    async handler(context) {
      const { credential, token } = authenticate(state, context.request.headers.authorization, kernel.now());
      if (credential?.kind !== 'installation' || token === null) {
        throw new ApiError(403, 'Resource not accessible by integration');
      }
      state.credentials.delete(token);
    },
  });
}

export function callingApp({ state }: Platform, { actor }: RouteContext): App {
  return found(state.apps.get(actor?.kind === 'app' ? actor.appId : -1));
}

function narrowPermissions(app: App, asked: Permissions | undefined): Permissions {
  if (asked === undefined) return app.permissions;
  const beyond = Object.entries(asked).filter(
    ([name, access]) => access !== 'none' && !allows(app.permissions, name, access),
  );
  if (beyond.length > 0) {
    throw new ApiError(
      422,
      'The permissions requested are not granted to this installation.',
      beyond.map(([field]) => ({ resource: 'Permission', field, code: 'not_granted' })),
    );
  }
  return { ...asked, metadata: 'read' };
}

function narrowRepositories(
  { state }: Platform,
  installation: Installation,
  { repositories, repository_ids: ids }: z.infer<typeof TokenRequest>,
): Set<number> {
  if (repositories === undefined && ids === undefined) return installation.repositoryIds;
  const known = [...state.repositories.values()].filter(({ id }) => installation.repositoryIds.has(id));
  const wanted = known.filter(({ id, name }) => ids?.includes(id) || repositories?.includes(name));
  if (wanted.length < (ids?.length ?? 0) + (repositories?.length ?? 0)) {
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return new Set(wanted.map(({ id }) => id));
}
