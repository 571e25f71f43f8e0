import { z } from 'zod';
import { recordRefChanges } from '../events/record-ref-changes.ts';
import { listRefs } from '../git/list-refs.ts';
import { isAncestor } from '../git/merge-commits.ts';
import type { RefChange } from '../git/open-git-store.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { nodeId } from '../payloads/account.ts';
import { repositoryUrl } from '../payloads/issue.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, readBody } from '../read-request.ts';
import type { Repository } from '../records.ts';
import { refuseRefChange } from '../refuse-ref-change.ts';

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const NewRef = z.object({ ref: z.string().regex(/^refs\/[^/]+\/.+/), sha: Sha });
const RefUpdate = z.object({ sha: Sha, force: z.boolean().default(false) });

/** Refs: the one place where a write can be made to depend on what was read. */
export function mountGitRefs(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'contents', access: 'read' } as const;
  const write = { permission: 'contents', access: 'write' } as const;
  const refOf = (context: RouteContext): string => `refs/${parameter(context, 'ref')}`;

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/ref/:ref*',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const info = found(await repository.git.info(refOf(context)));
      return describeRef(platform, repository, { ref: refOf(context), ...info });
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/matching-refs/:ref*',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const refs = await listRefs(repository.git, refOf(context));
      return refs.map((ref) => describeRef(platform, repository, ref));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/git/refs',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { ref, sha } = readBody(context, NewRef);
      const object = await repository.git.info(sha);
      if (object === null) throw new ApiError(422, 'Object does not exist');
      if ((await repository.git.info(ref)) !== null) throw new ApiError(422, 'Reference already exists');
      await moveRef(platform, repository, context, { ref, to: sha, from: null }, 'Reference already exists');
      context.reply.code(201);
      return describeRef(platform, repository, { ref, ...object });
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/git/refs/:ref*',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const ref = refOf(context);
      const { sha, force } = readBody(context, RefUpdate);
      const object = await repository.git.info(sha);
      if (object === null) throw new ApiError(422, 'Object does not exist');
      const before = await repository.git.info(ref);
      if (before === null) throw new ApiError(422, 'Reference does not exist');
      if (!force && !(await isAncestor(repository.git, before.oid, sha))) {
        throw new ApiError(422, 'Update is not a fast forward');
      }
      // Compare-and-swap on what was judged above: of two writers that race, one is told no.
      await moveRef(platform, repository, context, { ref, to: sha, from: before.oid }, 'Update is not a fast forward');
      return describeRef(platform, repository, { ref, ...object });
    },
  });

  kernel.route({
    method: 'DELETE',
    path: '/repos/:owner/:repo/git/refs/:ref*',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const ref = refOf(context);
      const before = await repository.git.info(ref);
      if (before === null) throw new ApiError(422, 'Reference does not exist');
      await moveRef(platform, repository, context, { ref, to: null, from: before.oid }, 'Reference does not exist');
    },
  });
}

async function moveRef(
  platform: Platform,
  repository: Repository,
  context: RouteContext,
  change: RefChange & { from: string | null },
  conflict: string,
): Promise<void> {
  const command = { ref: change.ref, before: change.from, after: change.to };
  const refused = await refuseRefChange(repository, context, command);
  if (refused !== null) throw new ApiError(422, refused);
  await repository.git.exclusive(async () => {
    if (!(await repository.git.updateRefs([change]))) throw new ApiError(422, conflict);
    if (context.actor !== null) await recordRefChanges(platform, repository, context.actor, [command]);
  });
}

function describeRef(
  platform: Platform,
  repository: Repository,
  { ref, oid, type }: { ref: string; oid: string; type: string },
): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  return {
    ref,
    node_id: nodeId(`Ref:${ref}`, repository.id),
    url: `${api}/git/${ref}`,
    object: { type, sha: oid, url: `${api}/git/${type}s/${oid}` },
  };
}
