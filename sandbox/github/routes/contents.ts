import { z } from 'zod';
import { recordRefChanges } from '../events/record-ref-changes.ts';
import { readCommit, writeCommit } from '../git/commit-object.ts';
import { changeTree, readTree } from '../git/tree-object.ts';
import { actorPerson } from '../identity.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { contentPayload } from '../payloads/content.ts';
import { gitCommitPayload } from '../payloads/git-object.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, query, readBody } from '../read-request.ts';
import type { Repository } from '../records.ts';
import { refuseRefChange } from '../refuse-ref-change.ts';

const PersonBody = z.object({ name: z.string(), email: z.string() });
const FileChange = z.object({
  message: z.string(),
  branch: z.string().optional(),
  sha: z.string().optional(),
  author: PersonBody.optional(),
  committer: PersonBody.optional(),
});
const FileWrite = FileChange.extend({ content: z.string() });
const FileDelete = FileChange.extend({ sha: z.string() });

/** Files of a branch, read and written one at a time. */
export function mountContents(platform: Platform): void {
  const { kernel } = platform;
  const path = '/repos/:owner/:repo/contents/:path*';

  async function read(context: RouteContext, at: string): Promise<unknown> {
    const repository = requireRepository(platform, context);
    const ref = query(context, 'ref') ?? repository.defaultBranch;
    const commit = await readCommit(repository.git, ref);
    if (commit === null) throw new ApiError(404, `No commit found for the ref ${ref}`);
    const object = found(await repository.git.read(at === '' ? commit.tree : `${commit.oid}:${at}`));
    const describe = (entry: { path: string; oid: string; type: string; size: number }, bytes?: Buffer) =>
      contentPayload(platform, repository, ref, entry, bytes);
    if (object.type === 'blob') {
      if (/\braw\b/.test(context.request.headers.accept ?? '')) {
        context.reply.header('content-type', 'application/octet-stream');
        return object.bytes;
      }
      return describe({ path: at, oid: object.oid, type: 'file', size: object.bytes.length }, object.bytes);
    }
    const entries = (await readTree(repository.git, object.oid)) ?? [];
    return Promise.all(
      entries.map(async ({ name, mode, oid }) => {
        const type =
          mode === '40000' ? 'dir' : mode === '160000' ? 'submodule' : mode === '120000' ? 'symlink' : 'file';
        const size = type === 'file' ? ((await repository.git.info(oid))?.size ?? 0) : 0;
        return describe({ path: at === '' ? name : `${at}/${name}`, oid, type, size });
      }),
    );
  }

  kernel.route({
    method: 'GET',
    path,
    needs: { permission: 'contents', access: 'read' },
    handler: (context) => read(context, pathOf(context)),
  });

  kernel.route({
    method: 'PUT',
    path,
    needs: { permission: 'contents', access: 'write' },
    async handler(context) {
      const body = readBody(context, FileWrite);
      const repository = requireRepository(platform, context);
      const bytes = Buffer.from(body.content, 'base64');
      const oid = await repository.git.write('blob', bytes);
      const { commit, existed, branch } = await commitFile(platform, repository, context, body, {
        mode: '100644',
        oid,
      });
      context.reply.code(existed ? 200 : 201);
      const entry = { path: pathOf(context), oid, type: 'file', size: bytes.length };
      return { content: contentPayload(platform, repository, branch, entry), commit };
    },
  });

  kernel.route({
    method: 'DELETE',
    path,
    needs: { permission: 'contents', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { commit } = await commitFile(platform, repository, context, readBody(context, FileDelete), null);
      return { content: null, commit };
    },
  });
}

function pathOf(context: RouteContext): string {
  const { params } = context.request;
  const empty = typeof params === 'object' && params !== null && 'path' in params && params.path === '';
  return empty ? '' : parameter(context, 'path').replace(/^\/+|\/+$/g, '');
}

/** One commit on a branch that writes or removes a file; `sha` must be the blob it replaces. */
async function commitFile(
  platform: Platform,
  repository: Repository,
  context: RouteContext,
  body: z.infer<typeof FileChange>,
  entry: { mode: string; oid: string } | null,
): Promise<{ commit: Record<string, unknown>; existed: boolean; branch: string }> {
  const { actor } = context;
  if (actor === null) throw new ApiError(401, 'Requires authentication');
  const branch = body.branch ?? repository.defaultBranch;
  const path = pathOf(context);
  if (path === '' || path.split('/').some((part) => ['', '.', '..', '.git'].includes(part))) {
    throw new ApiError(422, 'path contains a malformed path component');
  }
  const { git } = repository;
  return git.exclusive(async () => {
    const tip = await readCommit(git, `refs/heads/${branch}`);
    const empty = (await git.info('HEAD')) === null && branch === repository.defaultBranch;
    if (tip === null && !empty) throw new ApiError(404, `Branch ${branch} not found`);
    const current = tip === null ? null : await git.info(`${tip.oid}:${path}`);
    if (current !== null && body.sha === undefined)
      throw new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
    if ((current?.oid ?? undefined) !== body.sha) throw new ApiError(409, `${path} does not match ${body.sha}`);
    const self = actorPerson(platform, actor, platform.timestamp());
    const committer = body.committer === undefined ? self : { ...self, ...body.committer };
    const after = await writeCommit(git, {
      tree: await changeTree(git, tip?.tree ?? null, [{ path, entry }]),
      parents: tip === null ? [] : [tip.oid],
      author: body.author === undefined ? committer : { ...committer, ...body.author },
      committer,
      message: body.message,
    });
    const move = { ref: `refs/heads/${branch}`, before: tip?.oid ?? null, after };
    const refused = await refuseRefChange(repository, context, move);
    if (refused !== null) throw new ApiError(409, refused);
    if (!(await git.updateRefs([{ ref: move.ref, to: after, from: move.before }]))) {
      throw new ApiError(409, `${branch} has moved`);
    }
    await recordRefChanges(platform, repository, actor, [move]);
    const commit = gitCommitPayload(platform, repository, found(await readCommit(git, after)));
    return { commit, existed: current !== null, branch };
  });
}
