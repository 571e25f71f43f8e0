import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { releasePayload } from '../payloads/release.ts';
import { allows } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, parameter, readBody } from '../read-request.ts';
import type { Release, Repository } from '../records.ts';
import { publishRelease } from '../releases/publish-release.ts';

const Latest = z.enum(['true', 'false', 'legacy']);
const NewRelease = z.object({
  tag_name: z.string().min(1),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().max(125_000).nullish(),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
  make_latest: Latest.default('true'),
});
const ReleaseUpdate = NewRelease.partial();

/** Releases; from the moment one is published its tag and assets never change. */
export function mountReleases(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'contents', access: 'read' } as const;
  const write = { permission: 'contents', access: 'write' } as const;

  const visible = (context: RouteContext, repository: Repository): Release[] =>
    [...repository.releases.values()]
      .filter(({ draft }) => !draft || allows(context.permissions, 'contents', 'write'))
      .toReversed();
  const describe = (repository: Repository, release: Release) => releasePayload(platform, repository, release);

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/releases',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return paginate(context, visible(context, repository)).map((one) => describe(repository, one));
    },
  });

  kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/releases',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const body = readBody(context, NewRelease);
      refuseTag(repository, body.tag_name, null);
      const release: Release = {
        id: kernel.nextId(),
        tagName: body.tag_name,
        targetCommitish: body.target_commitish ?? repository.defaultBranch,
        name: body.name ?? null,
        body: body.body ?? null,
        draft: true,
        immutable: false,
        prerelease: body.prerelease,
        makeLatest: body.make_latest !== 'false',
        author: actor,
        createdAt: platform.timestamp(),
        publishedAt: null,
        assets: new Map(),
      };
      if (!body.draft) await publishRelease(platform, repository, release, context);
      repository.releases.set(release.id, release);
      context.reply.code(201);
      return describe(repository, release);
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/releases/latest',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      return describe(repository, found(latestRelease(repository)));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/releases/tags/:tag*',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const tag = parameter(context, 'tag');
      // Drafts have no tag yet, so nobody finds them by it.
      const release = [...repository.releases.values()].find(({ tagName, draft }) => tagName === tag && !draft);
      return describe(repository, found(release));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/repos/:owner/:repo/releases/:release_id',
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const release = requireRelease(context, repository);
      return describe(repository, found(visible(context, repository).find(({ id }) => id === release.id)));
    },
  });

  kernel.route({
    method: 'PATCH',
    path: '/repos/:owner/:repo/releases/:release_id',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const release = requireRelease(context, repository);
      const body = readBody(context, ReleaseUpdate);
      changeRelease(repository, release, body);
      if (body.draft === false && release.draft) await publishRelease(platform, repository, release, context);
      return describe(repository, release);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: '/repos/:owner/:repo/releases/:release_id',
    needs: write,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const release = requireRelease(context, repository);
      repository.releases.delete(release.id);
      await Promise.all([...release.assets.values()].map(({ file }) => rm(file, { force: true })));
    },
  });
}

export function requireRelease(context: RouteContext, repository: Repository): Release {
  return found(repository.releases.get(numberParameter(context, 'release_id')));
}

/** The newest full release that wants to be it. */
function latestRelease(repository: Repository): Release | null {
  const full = [...repository.releases.values()].filter((one) => !one.draft && !one.prerelease && one.makeLatest);
  return (
    full.toSorted((a, b) => (a.publishedAt ?? '').localeCompare(b.publishedAt ?? '') || a.id - b.id).at(-1) ?? null
  );
}

function refuseTag(repository: Repository, tag: string, own: Release | null): void {
  const taken = [...repository.releases.values()].some((one) => one !== own && !one.draft && one.tagName === tag);
  if (taken) {
    throw new ApiError(422, 'Validation Failed', [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }]);
  }
  if (own?.tagName !== tag && repository.burnedTags.has(tag)) {
    throw new ApiError(422, 'Validation Failed', [
      { resource: 'Release', code: 'custom', field: 'tag_name', message: 'tag_name was used by an immutable release' },
    ]);
  }
}

/** Title and notes stay editable; tag, target and the prerelease flag freeze at publication. */
function changeRelease(repository: Repository, release: Release, body: z.infer<typeof ReleaseUpdate>): void {
  const frozen =
    release.immutable &&
    ((body.tag_name !== undefined && body.tag_name !== release.tagName) ||
      (body.prerelease !== undefined && body.prerelease !== release.prerelease) ||
      body.draft === true);
  if (frozen) throw new ApiError(422, 'Cannot change an immutable release.');
  if (body.tag_name !== undefined && release.draft) {
    refuseTag(repository, body.tag_name, release);
    release.tagName = body.tag_name;
  }
  if (body.target_commitish !== undefined && release.draft) release.targetCommitish = body.target_commitish;
  if (body.name !== undefined) release.name = body.name ?? null;
  if (body.body !== undefined) release.body = body.body ?? null;
  if (body.prerelease !== undefined) release.prerelease = body.prerelease;
  if (body.make_latest !== undefined) release.makeLatest = body.make_latest !== 'false';
}
