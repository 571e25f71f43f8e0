import { createReadStream } from 'node:fs';
import { mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ssri from 'ssri';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Workspace } from '../../pipelines/training/training-ports.ts';
import { placePath } from '../content-store/place-path.ts';
import { snapshotTree } from '../content-store/snapshot-tree.ts';
import { openStatCache } from '../stat-cache/open-stat-cache.ts';

/** A checkout on disk. What would write through a symbolic link to a place outside of it is refused (`path-outside`). */
export function openWorkspace(directory: string): Workspace {
  const root = resolve(directory);

  /** Absolute path of something to be written or removed, after making sure that its folder lies inside. */
  async function writable(path: string): Promise<string> {
    const place = join(root, path);
    let folder = dirname(place);
    while (!(await isThere(folder))) folder = dirname(folder);
    const inside = relative(await realpath(root), await realpath(folder));
    if (path === '' || inside === '..' || inside.startsWith(`..${sep}`)) {
      throw new PulltrainError('path-outside', { what: 'the path leads out of the repository', where: path });
    }
    await mkdir(dirname(place), { recursive: true });
    return place;
  }

  return {
    exists: (path) => isThere(join(root, path)),
    async integrity(path, like) {
      const file = join(root, path);
      const found = await stat(file).catch(() => null);
      if (found?.isDirectory() === true) return integrityOfDirectory(root, path);
      if (found?.isFile() !== true) return null;
      const algorithm = like.startsWith('sha256') ? 'sha256' : 'sha512';
      return (await ssri.fromStream(createReadStream(file), { algorithms: [algorithm] })).toString();
    },
    async readText(path, largest) {
      const file = join(root, path);
      if (!(await isThere(file))) return null;
      const found = await stat(file);
      return found.isFile() && found.size <= largest ? readFile(file, 'utf8') : null;
    },
    async clear(paths) {
      for (const path of paths) await rm(await writable(path), { recursive: true, force: true });
    },
    async place(content, path, store) {
      await placePath(store, content, await writable(path));
    },
  };
}

async function integrityOfDirectory(root: string, path: string): Promise<string> {
  const cache = openStatCache(join(root, '.pulltrain', 'state.db'));
  try {
    const place = { directory: join(root, path), cache, key: path, boundary: root };
    return (await snapshotTree(place)).sum.integrity;
  } finally {
    cache.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
