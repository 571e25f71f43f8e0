import { posix } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';

/** One entry of a git tree; `other` is a submodule. */
export type TreeEntry = { kind: 'file' | 'link' | 'other'; object: string };

/** As many as Linux follows before it says ELOOP. */
const mostLinks = 40;

/**
 * The path behind all symbolic links of `path`, whether or not something is there. Throws `path-outside` for a link that
 * leads out of the tree and `link-loop` for one that leads nowhere but to itself.
 */
export async function resolveLinks(
  path: string,
  entries: ReadonlyMap<string, TreeEntry>,
  linkTarget: (entry: TreeEntry) => Promise<string>,
): Promise<string> {
  let rest = path.split('/').filter((part) => part !== '');
  let resolved = '';
  let followed = 0;
  while (rest.length > 0) {
    const [part = '', ...others] = rest;
    const next = resolved === '' ? part : `${resolved}/${part}`;
    const entry = entries.get(next);
    if (entry?.kind !== 'link') {
      resolved = next;
      rest = others;
      continue;
    }
    followed += 1;
    if (followed > mostLinks)
      throw new PulltrainError('link-loop', { what: 'symbolic links go in a circle', where: path });
    const target = await linkTarget(entry);
    const joined = posix.normalize(posix.join(posix.dirname(next), target));
    if (target.startsWith('/') || joined === '..' || joined.startsWith('../')) {
      throw new PulltrainError('path-outside', { what: 'a symbolic link leads out of the repository', where: path });
    }
    rest = [...joined.split('/').filter((step) => step !== '' && step !== '.'), ...others];
    resolved = '';
  }
  return resolved;
}
