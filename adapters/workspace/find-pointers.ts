import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Pointer, pointerPath } from '../../pipelines/contracts/pointer.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { GitFailed, runGit } from '../git/run-git.ts';

const ending = pointerPath('');
/** Folders in which nobody keeps pointers, and which may be large. */
const passedBy = new Set(['.git', '.pulltrain', 'node_modules']);

/**
 * Pointers of a working directory by the path of their data, relative to `root`: all of them, or those at or below
 * `paths`. Throws `pointer-invalid` with the faults of all, and `pointer-missing` for a path that leads to none.
 */
export async function findPointers(root: string, paths: readonly string[] = []): Promise<Map<string, Pointer>> {
  const all = (await listPointerFiles(root)).map((file) => file.slice(0, -ending.length)).sort();
  const asked = (path: string) => paths.length === 0 || paths.some((one) => isAtOrBelow(path, one));
  const wanted = all.filter(asked);
  const without = paths.filter((one) => !all.some((path) => isAtOrBelow(path, one)));
  if (without.length > 0) {
    throw new PulltrainError('pointer-missing', {
      what: 'there is no pointer',
      where: without.map(pointerPath).join(', '),
      ...(all.length === 0 ? {} : { allowed: all.slice(0, 10).join(', ') }),
    });
  }
  const pointers = new Map<string, Pointer>();
  const faults: PulltrainError[] = [];
  for (const path of wanted) {
    try {
      pointers.set(path, parsePointer(await readFile(join(root, pointerPath(path)), 'utf8'), pointerPath(path)));
    } catch (thrown) {
      if (!(thrown instanceof PulltrainError)) throw thrown;
      faults.push(thrown);
    }
  }
  if (faults.length === 0) return pointers;
  throw new PulltrainError('pointer-invalid', {
    what: faults.map(({ message }) => message).join('; '),
    cure: 'Take the file back from git (git checkout), or add the data again (pulltrain data add).',
    cause: faults[0],
  });
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Paths of pointer files: those that git knows or would add, or all of them where there is no git. */
async function listPointerFiles(root: string): Promise<string[]> {
  const asked = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', `*${ending}`];
  try {
    const listed = (await runGit(root, asked)).toString().split('\0');
    const present = await Promise.all(
      listed.map(async (path) => (path !== '' && (await isThere(join(root, path))) ? path : '')),
    );
    return present.filter((path) => path !== '');
  } catch (thrown) {
    if (!(thrown instanceof GitFailed)) throw thrown;
    return listBelow(root, root);
  }
}

async function isThere(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

async function listBelow(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !passedBy.has(entry.name)) found.push(...(await listBelow(root, path)));
    else if (entry.isFile() && entry.name.endsWith(ending)) found.push(relative(root, path).split(sep).join('/'));
  }
  return found;
}
