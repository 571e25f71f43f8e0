import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { type LocalStore, openLocalStore } from '../../adapters/content-store/open-local-store.ts';
import { findRoot } from '../../adapters/git/find-root.ts';
import { openStatCache, type StatCache } from '../../adapters/stat-cache/open-stat-cache.ts';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Terminal } from '../verb.ts';

/** The repository around the user's folder, with its store and what is remembered of its files. */
export type DataRepository = Disposable & {
  root: string;
  store: LocalStore;
  stats: StatCache;
  /** Path of data relative to the root, from what the user wrote, be it the data's or the pointer's. Throws `path-outside`. */
  pathOf(given: string): string;
  absolute(path: string): string;
};

export async function openRepository(terminal: Terminal): Promise<DataRepository> {
  const root = await realpath(await findRoot(terminal.directory));
  const here = await realpath(terminal.directory);
  const own = join(root, '.pulltrain');
  await mkdir(own, { recursive: true });
  // What is in here is of no use to others; git leaves it alone without a line in the repository's own .gitignore.
  await writeFile(join(own, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
  const stats = openStatCache(join(own, 'state.db'));
  return {
    root,
    store: openLocalStore(join(own, 'cache')),
    stats,
    pathOf(given) {
      const ending = pointerPath('');
      const data = given.endsWith(ending) ? given.slice(0, -ending.length) : given;
      const path = relative(root, resolve(here, data));
      if (path !== '..' && !path.startsWith(`..${sep}`) && !path.startsWith(sep)) return path.split(sep).join('/');
      throw new PulltrainError('path-outside', {
        what: 'the path leads out of the repository',
        where: given,
        allowed: `paths below ${root}`,
      });
    },
    absolute: (path) => join(root, path),
    [Symbol.dispose]: () => stats.close(),
  };
}
