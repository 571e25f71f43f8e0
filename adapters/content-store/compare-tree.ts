import type { TreeEntry } from '../../pipelines/data/store/tree.ts';
import type { StatCache } from '../stat-cache/open-stat-cache.ts';
import { entriesOf, type FolderSnapshot, loadDigests } from '../stat-cache/snapshot-folder.ts';
import { listTree, readTree, type TreeFile } from './list-tree.ts';
import type { LocalStore } from './open-local-store.ts';

/** How a directory on disk differs from a stored one; paths are relative to it. */
export type TreeDifference = {
  /** Only on disk. */
  added: TreeFile[];
  /** Only in the store. */
  removed: TreeFile[];
  /** In both with other bytes: as stored, and as on disk. */
  changed: { path: string; stored: TreeFile; disk: TreeFile }[];
};

/** Compares a closed snapshot with a stored tree, reading only the trees that differ. Throws `content-missing`. */
export async function compareTree(
  store: LocalStore,
  snapshot: FolderSnapshot,
  integrity: string,
  { cache, key }: { cache: StatCache; key: string },
): Promise<TreeDifference> {
  const difference: TreeDifference = { added: [], removed: [], changed: [] };
  await compareFolder(snapshot, integrity);
  return difference;

  async function compareFolder(folder: FolderSnapshot, stored: string): Promise<void> {
    if (folder.sum?.integrity === stored) return;
    const ours = new Set(folder.parts.map((part) => part.integrity));
    const shared = new Set<string>();
    const theirs: TreeEntry[] = [];
    const visit = async (object: string) => {
      if (ours.has(object)) {
        shared.add(object);
        return;
      }
      const tree = await readTree(store, object);
      if ('parts' in tree) for (const part of tree.parts) await visit(part.integrity);
      else theirs.push(...tree.entries);
    };
    await visit(stored);
    loadDigests(folder, cache, key);
    const mine = folder.runs.flatMap(({ start, end }, index) =>
      shared.has(folder.parts[index]?.integrity ?? '') ? [] : entriesOf(folder, start, end),
    );
    const byName = new Map(theirs.map((entry) => [entry.name, entry]));
    for (const entry of mine) {
      const before = byName.get(entry.name);
      byName.delete(entry.name);
      await compareEntry(folder, entry, before);
    }
    for (const entry of byName.values()) await take(difference.removed, folder.path, entry, null);
  }

  async function compareEntry(folder: FolderSnapshot, entry: TreeEntry, before: TreeEntry | undefined): Promise<void> {
    const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
    const below = folder.folders.get(entry.name) ?? null;
    if (before?.integrity === entry.integrity && before.type === entry.type) return;
    if (before?.type === 'file' && entry.type === 'file') {
      const disk = { path, integrity: entry.integrity, size: entry.size };
      difference.changed.push({ path, stored: { path, integrity: before.integrity, size: before.size }, disk });
    } else if (before?.type === 'directory' && below !== null) await compareFolder(below, before.integrity);
    else {
      if (before !== undefined) await take(difference.removed, folder.path, before, null);
      await take(difference.added, folder.path, entry, below);
    }
  }

  /** Notes a file, or every file of a folder, from the snapshot where it is on disk. */
  async function take(into: TreeFile[], at: string, entry: TreeEntry, below: FolderSnapshot | null): Promise<void> {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.type === 'file') into.push({ path, integrity: entry.integrity, size: entry.size });
    else if (below === null) into.push(...(await listTree(store, entry.integrity, path)));
    else {
      loadDigests(below, cache, key);
      for (const one of entriesOf(below, 0, below.names.length)) {
        await take(into, path, one, below.folders.get(one.name) ?? null);
      }
    }
  }
}
