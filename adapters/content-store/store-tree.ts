import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findObject } from '../../pipelines/data/store/object-table.ts';
import { openStatCache, type StatCache } from '../stat-cache/open-stat-cache.ts';
import { scanFolder } from '../stat-cache/scan-folder.ts';
import { closeSnapshot, type FolderSnapshot, foldersOf, openSnapshot, sizeAt } from '../stat-cache/snapshot-folder.ts';
import { unreadable } from './add-files.ts';
import { digestParts } from './object-place.ts';
import type { FileToRead } from './object-task.ts';
import type { LocalStore } from './open-local-store.ts';

type Options = {
  cache?: StatCache;
  /** What the cache calls the directory. */
  key?: string;
  /** Symbolic links may lead to files in here; the directory itself when left out. */
  boundary?: string;
  report?: (bytes: number) => void;
};

/** Stores every file below a directory and its trees, reading only what the cache does not know or the store lacks. */
export async function storeTree(store: LocalStore, directory: string, options: Options = {}) {
  const { cache = openStatCache(':memory:'), key = '', report } = options;
  const root = resolve(directory);
  const scannedAt = Date.now();
  const scanned = scanFolder(root, await realpath(options.boundary ?? root));
  if (scanned.faults.length > 0) throw unreadable(scanned.faults);
  const snapshot = openSnapshot(scanned.folder, cache, key, true);
  const { table } = await store.packs(true);
  const wanted = [...foldersOf(snapshot)].flatMap((folder) =>
    toRead(folder, table).map((index) => ({ folder, index })),
  );
  const files = wanted.map(({ folder, index }): FileToRead => {
    const path = join(root, folder.path, folder.names[index] ?? '');
    return { path, size: sizeAt(folder, index) };
  });
  let sum = { integrity: '', size: 0, files: 0 };
  await store.add(
    files,
    (digests) => {
      for (const [at, { folder, index }] of wanted.entries()) {
        folder.digests.set(digests.subarray(at * 64, (at + 1) * 64), index * 64);
      }
      const lacks = (integrity: string) => findObject(table, Buffer.from(digestParts(integrity).hex, 'hex')) === null;
      const { objects, ...whole } = closeSnapshot(snapshot, { cache, key, scannedAt, lacks });
      sum = whole;
      return objects;
    },
    report,
  );
  if (options.cache === undefined) cache.close();
  return sum;
}

/** Entries whose bytes are unknown, or known and not in the packs. */
function toRead(folder: FolderSnapshot, table: Parameters<typeof findObject>[0]): number[] {
  const missing = new Set(folder.missing);
  return [...folder.names.keys()].filter((index) => {
    if (folder.folders.has(folder.names[index] ?? '')) return false;
    return missing.has(index) || findObject(table, folder.digests.subarray(index * 64, (index + 1) * 64)) === null;
  });
}
