import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { DataRepository } from './open-repository.ts';

/** Data that a person named, as it lies on disk. */
export type DataOnDisk = { path: string; place: string; type: 'file' | 'directory'; found: Stats };

/** Looks at a path of the repository. Throws `file-missing`, `path-outside` and `not-data`. */
export function lookAt(repository: DataRepository, path: string): DataOnDisk {
  const place = repository.absolute(path);
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new PulltrainError('file-missing', { what: 'there is no such file or folder', where: path });
  }
  const inside = relative(repository.root, realpathSync(place));
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new PulltrainError('path-outside', {
      what: 'a symbolic link leads out of the repository',
      where: path,
      seen: realpathSync(place),
      cure: 'Copy the data into the repository, and add the copy.',
    });
  }
  if (found.isFile()) return { path, place, type: 'file', found };
  if (!found.isDirectory()) {
    throw new PulltrainError('not-data', { what: 'neither a file nor a folder', where: path });
  }
  const names = readdirSync(place);
  const own = names.filter((name) => name === '.git' || name === '.pulltrain');
  if (own.length > 0) {
    throw new PulltrainError('not-data', {
      what: 'this folder holds a repository and not only data',
      where: path === '' ? '.' : path,
      seen: own.join(', '),
      cure: 'Add the folders of the data one by one.',
    });
  }
  return { path, place, type: 'directory', found };
}
