import { z } from 'zod';
import { readCommit } from '../git/commit-object.ts';
import { listRefs } from '../git/list-refs.ts';
import { ApiError } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { commitPayload } from '../payloads/commit.ts';
import { repositoryPage, repositoryUrl } from '../payloads/issue.ts';
import { branchProtectionPayload } from '../payloads/protection.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, query, readBody } from '../read-request.ts';

const ProtectionBody = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean(),
      contexts: z.array(z.string()).default([]),
      checks: z.array(z.object({ context: z.string(), app_id: z.number().optional() })).default([]),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z.null(),
  restrictions: z.null(),
});

/** Branches and what protects them. */
export function mountBranches(platform: Platform): void {
  const { kernel } = platform;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/branches',
    needs: { permission: 'contents', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const wanted = query(context, 'protected');
      const refs = await listRefs(repository.git, 'refs/heads/');
      const branches = refs.map(({ ref, oid }) => {
        const name = ref.slice('refs/heads/'.length);
        const url = `${repositoryUrl(platform, repository)}/commits/${oid}`;
        return { name, commit: { sha: oid, url }, protected: repository.protections.has(name) };
      });
      return paginate(
        context,
        branches.filter((branch) => wanted === null || String(branch.protected) === wanted),
      );
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/branches/:branch',
    needs: { permission: 'contents', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const name = parameter(context, 'branch');
      const commit = await readCommit(repository.git, `refs/heads/${name}`);
      if (commit === null) throw new ApiError(404, 'Branch not found');
      const protection = repository.protections.get(name);
      const url = `${repositoryUrl(platform, repository)}/branches/${encodeURIComponent(name)}`;
      const checks = protection?.requiredChecks ?? [];
      return {
        name,
        commit: commitPayload(platform, repository, commit),
        _links: { self: url, html: `${repositoryPage(platform, repository)}/tree/${name}` },
        protected: protection !== undefined,
        protection: {
          enabled: protection !== undefined,
          required_status_checks: {
            enforcement_level: checks.length === 0 ? 'off' : protection?.enforceAdmins ? 'everyone' : 'non_admins',
            contexts: checks.map((check) => check.context),
            checks: checks.map((check) => ({ context: check.context, app_id: check.appId })),
          },
        },
        protection_url: `${url}/protection`,
      };
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/branches/:branch/protection',
    needs: { permission: 'administration', access: 'read' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const name = parameter(context, 'branch');
      const protection = repository.protections.get(name);
      if (protection === undefined) throw new ApiError(404, 'Branch not protected');
      return branchProtectionPayload(repositoryUrl(platform, repository), name, protection);
    },
  });

  kernel.route({
    method: 'PUT',
    path: '/repos/:owner/:repo/branches/:branch/protection',
    needs: { permission: 'administration', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const name = parameter(context, 'branch');
      if ((await repository.git.info(`refs/heads/${name}`)) === null) throw new ApiError(404, 'Branch not found');
      const body = readBody(context, ProtectionBody);
      const required = body.required_status_checks;
      const named = required === null ? [] : required.checks;
      const loose = (required?.contexts ?? []).filter((one) => !named.some(({ context: two }) => one === two));
      const protection = {
        requiredChecks:
          required === null
            ? null
            : [
                // -1 is GitHub's way to say that any App will do.
                ...named.map((check) => ({
                  context: check.context,
                  appId: check.app_id === undefined || check.app_id < 0 ? null : check.app_id,
                })),
                ...loose.map((one) => ({ context: one, appId: null })),
              ],
        strict: required?.strict ?? false,
        enforceAdmins: body.enforce_admins ?? false,
      };
      repository.protections.set(name, protection);
      return branchProtectionPayload(repositoryUrl(platform, repository), name, protection);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: '/repos/:owner/:repo/branches/:branch/protection',
    needs: { permission: 'administration', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      found(repository.protections.get(parameter(context, 'branch')));
      repository.protections.delete(parameter(context, 'branch'));
    },
  });
}
