import { join } from 'node:path';
import { type DvcDigest, dvcObjectName } from '../../pipelines/data/dvc/dvc-out.ts';
import { findDvcRemote, resolvePath } from '../../pipelines/data/dvc/find-dvc-remote.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { openDirectoryRemote } from '../remotes/open-directory-remote.ts';
import { type Environment, openRemote } from '../remotes/open-remote.ts';
import { fetchDvcObject } from './fetch-dvc-object.ts';
import { openDvcRemote } from './open-dvc-remote.ts';
import { readDvcConfig } from './read-dvc-config.ts';

/** The places where the objects of one DVC repository lie. `remote` is what an out names instead of the default one. */
export type DvcRepository = {
  /** Whether these bytes could be had again, from the cache or the remote. */
  keeps(digest: DvcDigest, remote: string | undefined): Promise<boolean>;
  /** Brings an object, verified, from the cache or else the remote; throws `content-missing` or `content-corrupt`. */
  fetch(digest: DvcDigest, destination: string, remote: string | undefined): Promise<void>;
};

/**
 * Opens the DVC repository at `root`. `remote` is a name that DVC knows, or an address, and comes before what the
 * repository says. The remote is looked up only when the cache lacks something.
 */
export async function openDvcRepository(
  root: string,
  { remote, environment }: { remote?: string | undefined; environment: Environment },
): Promise<DvcRepository> {
  const files = await readDvcConfig(root, environment);
  const caches = files.map(({ sections, folder }) => {
    const place = sections.get('cache')?.get('dir');
    return place === undefined ? undefined : resolvePath(place, folder);
  });
  const cache = openDirectoryRemote(caches.findLast((place) => place !== undefined) ?? join(root, '.dvc/cache'));
  const opened = new Map<string | undefined, Promise<ObjectRemote>>();

  async function open(name: string | undefined): Promise<ObjectRemote> {
    if (name !== undefined && (name.includes('://') || name.startsWith('/'))) return openRemote(name, environment);
    return openDvcRemote(findDvcRemote(files, name), environment);
  }

  function openOnce(name: string | undefined): Promise<ObjectRemote> {
    const known = opened.get(name) ?? open(name);
    opened.set(name, known);
    return known;
  }

  return {
    async keeps(digest, own) {
      const name = dvcObjectName(digest);
      if ((await cache.size(name)) !== null) return true;
      return (await (await openOnce(remote ?? own)).size(name)) !== null;
    },
    fetch: (digest, destination, own) =>
      fetchDvcObject([async () => cache, () => openOnce(remote ?? own)], digest, destination),
  };
}
