import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authenticate, permissionsIn } from '../authenticate.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { paginate } from '../paginate.ts';
import { assetPayload } from '../payloads/release.ts';
import { allows } from '../permissions.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { found, numberParameter, query } from '../read-request.ts';
import type { Asset, Release, Repository } from '../records.ts';
import { requireRelease } from './releases.ts';

const MOST_ASSETS = 1000;

/** Assets: uploaded to drafts with their bytes, downloadable for ever. */
export function mountReleaseAssets(platform: Platform): void {
  const { kernel } = platform;
  const read = { permission: 'contents', access: 'read' } as const;
  const write = { permission: 'contents', access: 'write' } as const;
  const listing = '/repos/:owner/:repo/releases/:release_id/assets';
  const single = '/repos/:owner/:repo/releases/assets/:asset_id';

  kernel.route({
    method: 'GET',
    path: listing,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const release = requireRelease(context, repository);
      return paginate(context, [...release.assets.values()]).map((one) =>
        assetPayload(platform, repository, release, one),
      );
    },
  });

  kernel.route({
    method: 'POST',
    path: listing,
    needs: write,
    rawBody: true,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const release = requireRelease(context, repository);
      if (release.immutable) throw new ApiError(422, 'Cannot upload assets to an immutable release.');
      const asset = await storeAsset(platform, context, release);
      context.reply.code(201);
      return assetPayload(platform, repository, release, asset);
    },
  });

  kernel.route({
    method: 'GET',
    path: single,
    needs: read,
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { release, asset } = requireAsset(context, repository);
      if (release.draft && !allows(context.permissions, 'contents', 'write')) throw new ApiError(404, 'Not Found');
      if (!/application\/octet-stream/.test(context.request.headers.accept ?? '')) {
        return assetPayload(platform, repository, release, asset);
      }
      asset.downloads += 1;
      context.reply.header('content-type', 'application/octet-stream');
      return readFile(asset.file);
    },
  });

  kernel.route({
    method: 'DELETE',
    path: single,
    needs: write,
    async handler(context) {
      const { release, asset } = requireAsset(context, requireRepository(platform, context));
      if (release.immutable) throw new ApiError(422, 'Cannot delete asset from an immutable release');
      release.assets.delete(asset.id);
      await rm(asset.file, { force: true });
    },
  });

  // What `browser_download_url` leads to; a page of GitHub's site and not of its REST.
  kernel.server.get<{ Params: { owner: string; repo: string; tag: string; name: string } }>(
    '/:owner/:repo/releases/download/:tag/:name',
    async (request, reply) => {
      const repository = findRepository(platform, request.params);
      const caller = authenticateQuietly(platform, request.headers.authorization);
      const held = repository === null ? null : permissionsIn(platform.state, caller, repository);
      const { tag, name } = request.params;
      const release =
        repository === null || held === null || !allows(held.permissions, 'contents', 'read')
          ? undefined
          : [...repository.releases.values()].find((one) => !one.draft && one.tagName === tag);
      const asset = [...(release?.assets.values() ?? [])].find((one) => one.name === name);
      if (asset === undefined) return reply.code(404).type('text/plain').send('Not Found');
      asset.downloads += 1;
      return reply.type(asset.contentType).send(await readFile(asset.file));
    },
  );
}

function findRepository(platform: Platform, { owner, repo }: { owner: string; repo: string }): Repository | null {
  return platform.state.repositories.get(`${owner}/${repo}`.toLowerCase()) ?? null;
}

function authenticateQuietly(platform: Platform, header: string | undefined) {
  try {
    return authenticate(platform.state, header, platform.kernel.now());
  } catch {
    return authenticate(platform.state, undefined, platform.kernel.now());
  }
}

function requireAsset(context: RouteContext, repository: Repository): { release: Release; asset: Asset } {
  const id = numberParameter(context, 'asset_id');
  const release = found([...repository.releases.values()].find(({ assets }) => assets.has(id)));
  return { release, asset: found(release.assets.get(id)) };
}

async function storeAsset(platform: Platform, context: RouteContext, release: Release): Promise<Asset> {
  const { actor, request } = context;
  if (actor === null) throw new ApiError(401, 'Requires authentication');
  const name = query(context, 'name');
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (name === null || bytes.length === 0)
    throw new ApiError(422, 'Validation Failed', [
      { resource: 'ReleaseAsset', code: 'missing_field', field: name === null ? 'name' : 'size' },
    ]);
  if (release.assets.size >= MOST_ASSETS) throw new ApiError(422, `A release holds at most ${MOST_ASSETS} assets.`);
  // GitHub turns what a URL would have to escape into dots.
  const clean = name.replace(/[^\w+@-]+/g, '.').replace(/^\.+|\.+$/g, '') || 'default';
  if ([...release.assets.values()].some((one) => one.name === clean)) {
    throw new ApiError(422, 'Validation Failed', [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }]);
  }
  const id = platform.kernel.nextId();
  const file = join(platform.assetDirectory, String(id));
  const asset: Asset = {
    id,
    name: clean,
    label: query(context, 'label'),
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    size: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    file,
    uploader: actor,
    downloads: 0,
    createdAt: platform.timestamp(),
  };
  release.assets.set(id, asset);
  try {
    await writeFile(file, bytes);
  } catch (error) {
    release.assets.delete(id);
    throw error;
  }
  return asset;
}
