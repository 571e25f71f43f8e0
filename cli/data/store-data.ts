import { integrityOfHex } from '../../adapters/content-store/object-place.ts';
import { listOf } from '../../adapters/content-store/open-local-store.ts';
import { storeTree } from '../../adapters/content-store/store-tree.ts';
import { recallFile, rememberFile } from '../../adapters/stat-cache/file-facts.ts';
import type { DataOnDisk } from './look-at.ts';
import type { DataRepository } from './open-repository.ts';

/** What data came to: its integrity and what lies below it. */
export type Stored = { integrity: string; size: number; files: number };

/** Keeps data in the local store, reading only what is not known from its stat, and returns what each path came to. */
export async function storeData(
  repository: DataRepository,
  data: readonly DataOnDisk[],
  report: (bytes: number) => void,
): Promise<Map<string, Stored>> {
  const { store, stats, root } = repository;
  const stored = new Map<string, Stored>();
  const unread: DataOnDisk[] = [];
  for (const one of data.filter(({ type }) => type === 'file')) {
    const integrity = recallFile(stats, one.path, one.found);
    if (integrity !== null && (await store.has(integrity))) {
      stored.set(one.path, { integrity, size: one.found.size, files: 1 });
    } else unread.push(one);
  }
  const at = Date.now();
  const [only, ...others] = unread;
  const keep = (one: DataOnDisk, integrity: string) => {
    rememberFile(stats, one.path, one.found, integrity, at);
    stored.set(one.path, { integrity, size: one.found.size, files: 1 });
  };
  if (only !== undefined && others.length === 0 && only.found.size <= small) {
    keep(only, (await store.put(only.place)).integrity);
  } else if (unread.length > 0) {
    const files = unread.map(({ place, found }) => ({ path: place, size: found.size }));
    const digests = Buffer.from(await store.add(listOf(files), () => undefined, report));
    for (const [index, one] of unread.entries()) {
      keep(one, integrityOfHex(digests.toString('hex', index * 64, (index + 1) * 64)));
    }
  }
  for (const one of data.filter(({ type }) => type === 'directory')) {
    const sum = await storeTree(store, one.place, { cache: stats, key: one.path, boundary: root, report });
    stored.set(one.path, { integrity: sum.integrity, size: sum.size, files: sum.files });
  }
  return stored;
}

/** Bytes up to which a file alone is an object of its own rather than a pack. */
const small = 1024 * 1024;
