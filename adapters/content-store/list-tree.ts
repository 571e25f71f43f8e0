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

/** Entries of a folder, whether its object lists them or only its parts. */
export async function readEntries(store: LocalStore, integrity: string): Promise<readonly TreeEntry[]> {
  const tree = await readTree(store, integrity);
  if ('entries' in tree) return tree.entries;
  const parts = await Promise.all(tree.parts.map((part) => readEntries(store, part.integrity)));
  return parts.flat();
}

/** Every file below a root tree, in the order of its folders. */
export async function listTree(store: LocalStore, integrity: string, below = ''): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for (const entry of await readEntries(store, integrity)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.type === 'file') files.push({ path, integrity: entry.integrity, size: entry.size });
    else for (const file of await listTree(store, entry.integrity, path)) files.push(file);
  }
  return files;
}
