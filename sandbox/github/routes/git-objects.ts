import { z } from 'zod';
import { formatPerson, parsePerson, readCommit, writeCommit } from '../git/commit-object.ts';
import { changeTree, listTree } from '../git/tree-object.ts';
import { actorPerson } from '../identity.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { nodeId } from '../payloads/account.ts';
import { UNSIGNED } from '../payloads/commit.ts';
import { gitCommitPayload, treePayload } from '../payloads/git-object.ts';
import { repositoryUrl } from '../payloads/issue.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, parameter, query, readBody } from '../read-request.ts';
import type { Repository } from '../records.ts';
import { formatTimestamp } from '../timestamp.ts';

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const NewBlob = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') });
const TreePath = z
  .string()
  .min(1)
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part !== '.git'));
const NewTree = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: TreePath,
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
      sha: Sha.nullish(),
      content: z.string().optional(),
    }),
  ),
});
const PersonBody = z.object({ name: z.string(), email: z.string(), date: z.iso.datetime({ offset: true }).optional() });
const PartialPerson = PersonBody.partial();
const NewCommit = z.object({
  message: z.string(),
  tree: Sha,
  parents: z.array(Sha).default([]),
  author: PersonBody.optional(),
  committer: PartialPerson.optional(),
});
const NewTag = z.object({
  tag: z.string().min(1),
  message: z.string(),
  object: Sha,
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: PersonBody.optional(),
});

/** Blobs, trees, commits and annotated tags. */
export function mountGitObjects(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'contents', access: 'read' } as const;
  const write = { permission: 'contents', access: 'write' } as const;

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/git/blobs',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { content, encoding } = readBody(context, NewBlob);
      const sha = await repository.git.write('blob', Buffer.from(content, encoding));
      context.reply.code(201);
      return { sha, url: `${repositoryUrl(platform, repository)}/git/blobs/${sha}` };
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/blobs/:file_sha',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const blob = found(await repository.git.read(parameter(context, 'file_sha')));
      if (blob.type !== 'blob') throw new ApiError(404, 'Not Found');
      return {
        sha: blob.oid,
        node_id: nodeId('Blob', Number.parseInt(blob.oid.slice(0, 12), 16)),
        size: blob.bytes.length,
        url: `${repositoryUrl(platform, repository)}/git/blobs/${blob.oid}`,
        content: blob.bytes.toString('base64'),
        encoding: 'base64',
      };
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/git/trees',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { git } = repository;
      const body = readBody(context, NewTree);
      const base = body.base_tree === undefined ? null : await git.info(`${body.base_tree}^{tree}`);
      if (body.base_tree !== undefined && base === null) throw new ApiError(422, 'base_tree is not a valid tree oid');
      const changes = await Promise.all(
        body.tree.map(async ({ path, mode, sha, content }) => {
          if (content === undefined && sha === undefined)
            throw new ApiError(422, `tree.${path} has neither sha nor content`);
          if (sha === null) return { path, entry: null };
          const oid = sha ?? (await git.write('blob', Buffer.from(content ?? '')));
          // A submodule's commit lives elsewhere.
          if (mode !== '160000' && (await git.info(oid)) === null)
            throw new ApiError(422, `tree.sha ${oid} is not a valid blob`);
          return { path, entry: { mode: mode.replace(/^0/, ''), oid } };
        }),
      );
      const sha = await changeTree(git, base?.oid ?? null, changes);
      context.reply.code(201);
      return treePayload(platform, repository, sha, await listTree(git, sha, false));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/trees/:tree_sha',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const tree = found(await repository.git.info(`${parameter(context, 'tree_sha')}^{tree}`));
      const recursive = query(context, 'recursive') !== null;
      return treePayload(platform, repository, tree.oid, await listTree(repository.git, tree.oid, recursive));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/git/commits',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const body = readBody(context, NewCommit);
      if ((await repository.git.info(body.tree))?.type !== 'tree') throw new ApiError(422, 'Tree SHA does not exist');
      for (const parent of body.parents) {
        if ((await repository.git.info(parent))?.type !== 'commit')
          throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
      }
      const author = person(platform, context, body.author);
      const committer = body.committer === undefined ? author : { ...author, ...withoutUndefined(body.committer) };
      const { message, tree, parents } = body;
      const oid = await writeCommit(repository.git, {
        message,
        tree,
        parents,
        author,
        committer: { ...committer, date: formatTimestamp(new Date(committer.date)) },
      });
      context.reply.code(201);
      return gitCommitPayload(platform, repository, found(await readCommit(repository.git, oid)));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/commits/:commit_sha',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const sha = parameter(context, 'commit_sha');
      if (!Sha.safeParse(sha).success) throw new ApiError(404, 'Not Found');
      return gitCommitPayload(platform, repository, found(await readCommit(repository.git, sha)));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/git/tags',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const body = readBody(context, NewTag);
      if ((await repository.git.info(body.object))?.type !== body.type)
        throw new ApiError(422, 'Object does not exist');
      const tagger = formatPerson(person(platform, context, body.tagger));
      const text = `object ${body.object}\ntype ${body.type}\ntag ${body.tag}\ntagger ${tagger}\n\n${body.message}\n`;
      const sha = await repository.git.write('tag', Buffer.from(text));
      context.reply.code(201);
      return describeTag(platform, repository, sha, text);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/git/tags/:tag_sha',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const tag = found(await repository.git.read(parameter(context, 'tag_sha')));
      if (tag.type !== 'tag') throw new ApiError(404, 'Not Found');
      return describeTag(platform, repository, tag.oid, tag.bytes.toString());
    },
  });
}

function person(platform: Platform, context: RouteContext, body: z.infer<typeof PersonBody> | undefined) {
  if (context.actor === null) throw new ApiError(401, 'Requires authentication');
  const self = actorPerson(platform, context.actor, platform.timestamp());
  const given = withoutUndefined(body ?? {});
  return { ...self, ...given, date: formatTimestamp(new Date(body?.date ?? self.date)) };
}

function withoutUndefined(body: z.infer<typeof PartialPerson>): { name?: string; email?: string; date?: string } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function describeTag(platform: Platform, repository: Repository, sha: string, text: string): Record<string, unknown> {
  const api = repositoryUrl(platform, repository);
  const value = (key: string): string => new RegExp(`^${key} (.*)$`, 'm').exec(text)?.[1] ?? '';
  const type = value('type');
  return {
    node_id: nodeId('Tag', Number.parseInt(sha.slice(0, 12), 16)),
    sha,
    url: `${api}/git/tags/${sha}`,
    tag: value('tag'),
    message: text.slice(text.indexOf('\n\n') + 2).replace(/\n$/, ''),
    tagger: parsePerson(value('tagger')),
    object: { sha: value('object'), type, url: `${api}/git/${type}s/${value('object')}` },
    verification: UNSIGNED,
  };
}
