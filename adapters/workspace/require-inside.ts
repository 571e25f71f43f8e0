import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Throws `path-outside` when a path, followed through the links of its folders, leaves the repository. */
export async function requireInside(root: string, path: string): Promise<void> {
  let folder = dirname(join(root, path));
  let real = await realpath(folder).catch(() => null);
  while (real === null && folder !== dirname(folder)) {
    folder = dirname(folder);
    real = await realpath(folder).catch(() => null);
  }
  const inside = relative(await realpath(root), real ?? folder);
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return;
  throw new PulltrainError('path-outside', { what: 'the path leads out of the repository', where: path });
}
