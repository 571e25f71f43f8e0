import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { hasObject, type ObjectTable } from '../../pipelines/data/store/object-table.ts';
import { openStatCache, type StatCache } from '../stat-cache/open-stat-cache.ts';
import { scanFolder } from '../stat-cache/scan-folder.ts';
import { closeSnapshot, type FolderSnapshot, foldersOf, openSnapshot, sizeAt } from '../stat-cache/snapshot-folder.ts';
import { unreadable } from './add-files.ts';
import { digestOf } from './object-place.ts';
import type { FileList, FileToRead } from './object-task.ts';
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
  const { files, put } = listWanted(snapshot, root, table);
  let sum = { integrity: '', size: 0, files: 0 };
  await store.add(
    files,
    (digests, keep) => {
      put(digests);
      const lacks = (integrity: string) => !hasObject(table, digestOf(integrity));
      sum = closeSnapshot(snapshot, { cache, key, scannedAt, lacks, keep });
    },
    report,
  );
  if (options.cache === undefined) cache.close();
  return sum;
}

/** The files to be read, by folder and position, and where their digests go: numbers, because there may be millions. */
function listWanted(
  snapshot: FolderSnapshot,
  root: string,
  table: ObjectTable,
): { files: FileList; put(digests: Uint8Array): void } {
  const folders: { folder: FolderSnapshot; at: string; indexes: Int32Array; start: number }[] = [];
  let count = 0;
  for (const folder of foldersOf(snapshot)) {
    const indexes = toRead(folder, table);
    if (indexes.length === 0) continue;
    folders.push({ folder, at: join(root, folder.path), indexes, start: count });
    count += indexes.length;
  }
  let current = folders[0];
  const files = {
    count,
    at(number: number): FileToRead {
      const isCurrent =
        current !== undefined && number >= current.start && number < current.start + current.indexes.length;
      if (!isCurrent) current = folders.findLast(({ start }) => start <= number);
      if (current === undefined) return { path: '', size: 0 };
      const index = current.indexes[number - current.start] ?? 0;
      return { path: `${current.at}${sep}${current.folder.names[index] ?? ''}`, size: sizeAt(current.folder, index) };
    },
  };
  const put = (digests: Uint8Array) => {
    let number = 0;
    for (const { folder, indexes } of folders) {
      for (const index of indexes) {
        folder.digests.set(digests.subarray(number * 64, (number + 1) * 64), index * 64);
        number += 1;
      }
    }
  };
  return { files, put };
}

/** Entries whose bytes are unknown, or known and not in the packs. */
function toRead({ names, folders, digests, missing }: FolderSnapshot, table: ObjectTable): Int32Array {
  const indexes = new Int32Array(names.length);
  let count = 0;
  let unknown = 0;
  for (let index = 0; index < names.length; index += 1) {
    const isMissing = missing[unknown] === index;
    if (isMissing) unknown += 1;
    else if (folders.size > 0 && folders.has(names[index] ?? '')) continue;
    else if (hasObject(table, digests.subarray(index * 64, (index + 1) * 64))) continue;
    indexes[count] = index;
    count += 1;
  }
  return indexes.subarray(0, count);
}
