import { type FolderSnapshot, sizeAt } from '../stat-cache/snapshot-folder.ts';
import { walkEntries } from './list-tree.ts';
import { digestOf } from './object-place.ts';
import type { LocalStore } from './open-local-store.ts';

/**
 * Takes the digests of files that were just written out of a stored tree from there, so that they need not be read again;
 * what is missing then is of another size, or of no such name.
 */
export async function fillDigests(store: LocalStore, folder: FolderSnapshot, integrity: string): Promise<void> {
  const unknown = folder.missing;
  const left: number[] = [];
  let next = 0;
  // Both are in the order of their names.
  for await (const entry of walkEntries(store, integrity)) {
    if (entry.type === 'directory') {
      const below = folder.folders.get(entry.name);
      if (below !== undefined) await fillDigests(store, below, entry.integrity);
      continue;
    }
    for (; (folder.names[unknown[next] ?? -1] ?? entry.name) < entry.name; next += 1) left.push(unknown[next] ?? 0);
    const index = unknown[next];
    if (index === undefined || folder.names[index] !== entry.name) continue;
    const digest = digestOf(entry.integrity);
    if (digest.length === 64 && sizeAt(folder, index) === entry.size) {
      folder.digests.set(digest, index * 64);
    } else left.push(index);
    next += 1;
  }
  folder.missing = [...left, ...unknown.slice(next)];
}
