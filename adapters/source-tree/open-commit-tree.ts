import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import { runGit } from '../git/run-git.ts';
import { openBlobReader } from './open-blob-reader.ts';
import { resolveLinks, type TreeEntry } from './resolve-links.ts';

/**
 * The files of one commit, read from git's objects: nothing is checked out, no filter, attribute or hook of the
 * repository runs. `directory` may be bare. Symbolic links are followed inside the tree as a file system would; one that
 * leads out is refused (`path-outside`). Close it (or use `await using`) to end the git process behind it.
 */
export async function openCommitTree(directory: string, revision: string): Promise<SourceTree & AsyncDisposable> {
  const listing = await runGit(directory, ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', revision]);
  const entries = parseListing(listing.toString());
  const blobs = openBlobReader(directory);
  const linkTarget = async (entry: TreeEntry) => Buffer.from(await blobs.read(entry.object)).toString();

  async function find(path: string): Promise<TreeEntry | null> {
    const resolved = await resolveLinks(path, entries, linkTarget);
    return entries.get(resolved) ?? null;
  }

  return {
    async read(path) {
      const entry = await find(path);
      return entry === null || entry.kind !== 'file' ? null : blobs.read(entry.object);
    },
    async list(folder) {
      const start = await resolveLinks(folder, entries, linkTarget);
      const below = [...entries.keys()].filter((path) => start === '' || path.startsWith(`${start}/`));
      const named = below.map((path) => (start === '' ? path : path.slice(start.length + 1)));
      const found: string[] = [];
      for (const path of named) {
        const full = folder === '' ? path : `${folder}/${path}`;
        if ((await find(full))?.kind === 'file') found.push(full);
      }
      return found.sort();
    },
    [Symbol.asyncDispose]: () => blobs.close(),
  };
}

function parseListing(text: string): Map<string, TreeEntry> {
  const lines = text.split('\0').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
      const kind = mode === '120000' ? 'link' : mode.startsWith('100') ? 'file' : 'other';
      return [line.slice(tab + 1), { kind, object }];
    }),
  );
}
