import type { TreeEntry } from '../../pipelines/data/store/tree.ts';
import { listTree, readTree, type TreeFile } from './list-tree.ts';
import type { LocalStore } from './open-local-store.ts';

/** How one stored directory differs from another; paths are relative to it. */
export type StoredDifference = {
  added: TreeFile[];
  removed: TreeFile[];
  changed: { path: string; before: TreeFile; after: TreeFile }[];
};

/** Compares two stored trees, reading only what differs between them. Throws `content-missing`. */
export async function compareStored(store: LocalStore, before: string, after: string): Promise<StoredDifference> {
  const difference: StoredDifference = { added: [], removed: [], changed: [] };
  await compare(before, after, '');
  return difference;

  async function compare(left: string, right: string, at: string): Promise<void> {
    if (left === right) return;
    const [ours, theirs] = await differing(left, right);
    const byName = new Map(ours.map((entry) => [entry.name, entry]));
    for (const entry of theirs) {
      const old = byName.get(entry.name);
      byName.delete(entry.name);
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (old?.integrity === entry.integrity && old.type === entry.type) continue;
      if (old?.type === 'directory' && entry.type === 'directory') await compare(old.integrity, entry.integrity, path);
      else if (old?.type === 'file' && entry.type === 'file') {
        const file = ({ integrity, size }: TreeEntry): TreeFile => ({ path, integrity, size });
        difference.changed.push({ path, before: file(old), after: file(entry) });
      } else {
        difference.added.push(...(await filesOf(entry, path)));
        if (old !== undefined) difference.removed.push(...(await filesOf(old, path)));
      }
    }
    for (const entry of byName.values()) {
      difference.removed.push(...(await filesOf(entry, at === '' ? entry.name : `${at}/${entry.name}`)));
    }
  }

  /** Entries of two folders without the parts that they share. */
  async function differing(left: string, right: string): Promise<[TreeEntry[], TreeEntry[]]> {
    const [ours, theirs] = await Promise.all([readTree(store, left), readTree(store, right)]);
    const parts = (tree: typeof ours) => ('parts' in tree ? tree.parts.map((part) => part.integrity) : []);
    const shared = new Set(parts(ours).filter((integrity) => parts(theirs).includes(integrity)));
    return [await entries(ours, shared), await entries(theirs, shared)];
  }

  async function entries(
    tree: Awaited<ReturnType<typeof readTree>>,
    without: ReadonlySet<string>,
  ): Promise<TreeEntry[]> {
    if ('entries' in tree) return tree.entries;
    const kept = tree.parts.filter((part) => !without.has(part.integrity));
    const below = await Promise.all(kept.map(async (part) => entries(await readTree(store, part.integrity), without)));
    return below.flat();
  }

  async function filesOf(entry: TreeEntry, path: string): Promise<TreeFile[]> {
    if (entry.type === 'directory') return listTree(store, entry.integrity, path);
    return [{ path, integrity: entry.integrity, size: entry.size }];
  }
}
