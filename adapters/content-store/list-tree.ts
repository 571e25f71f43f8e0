import { parseTree, type Tree, type TreeEntry } from '../../pipelines/data/store/tree.ts';
import type { LocalStore } from './open-local-store.ts';
import { missing } from './open-local-store.ts';

/** A file of a directory in a store; `path` is relative to it. */
export type TreeFile = { path: string; integrity: string; size: number };

/** Reads a tree object; throws `content-missing` and `tree-invalid`. */
export async function readTree(store: LocalStore, integrity: string): Promise<Tree> {
  const bytes = await store.read(integrity);
  if (bytes === null) throw missing(integrity, store.root);
  return parseTree(bytes.toString(), integrity);
}

/** Entries of a folder in their order, whether its object lists them or only its parts; one object at a time. */
export async function* walkEntries(store: LocalStore, integrity: string): AsyncGenerator<TreeEntry> {
  const tree = await readTree(store, integrity);
  if ('entries' in tree) yield* tree.entries;
  else for (const part of tree.parts) yield* walkEntries(store, part.integrity);
}

/** Every file below a root tree, in the order of its folders. */
export async function* walkTree(store: LocalStore, integrity: string, below = ''): AsyncGenerator<TreeFile> {
  for await (const entry of walkEntries(store, integrity)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.type === 'file') yield { path, integrity: entry.integrity, size: entry.size };
    else yield* walkTree(store, entry.integrity, path);
  }
}

/** Every file below a root tree, for trees of which few are looked at. */
export async function listTree(store: LocalStore, integrity: string, below = ''): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for await (const file of walkTree(store, integrity, below)) files.push(file);
  return files;
}

/** Bytes and files below a root tree. */
export async function sumTree(store: LocalStore, integrity: string): Promise<{ bytes: number; files: number }> {
  const tree = await readTree(store, integrity);
  const sum = { bytes: 0, files: 0 };
  for (const one of 'entries' in tree ? tree.entries : tree.parts) {
    sum.bytes += one.size;
    sum.files += 'files' in one ? one.files : 1;
  }
  return sum;
}
