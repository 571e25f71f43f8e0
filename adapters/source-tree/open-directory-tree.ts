import { lstatSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import posix from 'node:path/posix';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import { GitFailed, runGit } from '../git/run-git.ts';

/**
 * The files of a working directory as they lie on disk. Inside a git checkout `list` leaves out what git ignores, so
 * that caches and outputs do not count. A symbolic link that leads out of the directory is refused (`path-outside`), as is a circle of
 * links (`link-loop`).
 */
export async function openDirectoryTree(directory: string): Promise<SourceTree> {
  const root = await realpath(directory);
  const real = (path: string) => resolveInside(root, path);
  const leadsToFile = async (path: string) => {
    const file = await real(path);
    return file !== null && (await stat(file)).isFile();
  };
  return {
    async read(path) {
      const file = await real(path);
      if (file === null || !(await stat(file)).isFile()) return null;
      return readFile(file);
    },
    async list(folder) {
      const start = await real(folder);
      if (start === null || !(await stat(start)).isDirectory()) return [];
      const paths = await listFiles(start);
      const folders = new Map<string, string | null>();
      const kept: string[] = [];
      for (const path of paths) {
        const full = folder === '' ? path : `${folder}/${path}`;
        const above = posix.dirname(full);
        const place = folders.get(above) ?? (await real(above));
        folders.set(above, place);
        // What lies in a folder of this tree and is no link cannot lead out of it.
        const found =
          place === null ? undefined : lstatSync(join(place, posix.basename(full)), { throwIfNoEntry: false });
        if (found?.isFile() === true || (found?.isSymbolicLink() === true && (await leadsToFile(full))))
          kept.push(full);
      }
      return kept.sort();
    },
  };
}

/** Absolute path with all links followed, or null when there is nothing. */
async function resolveInside(root: string, path: string): Promise<string | null> {
  let resolved: string;
  try {
    resolved = await realpath(join(root, path));
  } catch (cause) {
    if (isAbsent(cause)) return null;
    if (codeOf(cause) === 'ELOOP')
      throw new PulltrainError('link-loop', { what: 'symbolic links go in a circle', where: path });
    throw new PulltrainError('source-unreadable', { what: 'the file cannot be read', where: path, cause });
  }
  const inside = relative(root, resolved);
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new PulltrainError('path-outside', { what: 'a symbolic link leads out of the repository', where: path });
  }
  return resolved;
}

/** Paths below a folder, relative to it: those git knows or would add, or all of them where there is no git. */
async function listFiles(folder: string): Promise<string[]> {
  try {
    const out = await runGit(folder, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
    return out
      .toString()
      .split('\0')
      .filter((path) => path !== '');
  } catch (thrown) {
    if (!(thrown instanceof GitFailed)) throw thrown;
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function isAbsent(cause: unknown): boolean {
  return codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR';
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
