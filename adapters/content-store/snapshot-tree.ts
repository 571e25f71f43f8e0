import { join } from 'node:path';
import type { FolderSum } from '../../pipelines/data/store/build-folder.ts';
import type { StatCache } from '../stat-cache/open-stat-cache.ts';
import { scanFolder } from '../stat-cache/scan-folder.ts';
import { closeSnapshot, type FolderSnapshot, foldersOf, openSnapshot, sizeAt } from '../stat-cache/snapshot-folder.ts';
import { describeFault, unreadable } from './add-files.ts';
import { openWorkers } from './open-workers.ts';

/** Where a directory lies and what the cache calls it. */
export type TreePlace = { directory: string; cache: StatCache; key: string; boundary: string };

/** A directory as it is now, and what it comes to. */
export type TreeSnapshot = { root: FolderSnapshot; sum: FolderSum };

/** Integrity of a directory, reading only what looks changed, unless `fill` knows what it came to. */
export async function snapshotTree(
  { directory, cache, key, boundary }: TreePlace,
  report: (bytes: number) => void = () => undefined,
  fill: (root: FolderSnapshot) => Promise<void> = async () => undefined,
): Promise<TreeSnapshot> {
  const scannedAt = Date.now();
  const { folder, faults } = scanFolder(directory, boundary);
  if (faults.length > 0) throw unreadable(faults);
  const root = openSnapshot(folder, cache, key, false);
  await fill(root);
  const unread: { folder: FolderSnapshot; index: number; path: string; size: number }[] = [];
  for (const one of foldersOf(root)) {
    for (const index of one.missing) {
      unread.push({
        folder: one,
        index,
        path: join(directory, one.path, one.names[index] ?? ''),
        size: sizeAt(one, index),
      });
    }
  }
  await readDigests(unread, report);
  const sum = closeSnapshot(root, { cache, key, scannedAt, lacks: () => false, keep: () => undefined });
  return { root, sum };
}

async function readDigests(
  unread: readonly { folder: FolderSnapshot; index: number; path: string; size: number }[],
  report: (bytes: number) => void,
): Promise<void> {
  if (unread.length === 0) return;
  const bytes = unread.reduce((sum, { size }) => sum + size, 0);
  await using workers = openWorkers({ bytes, files: unread.length }, report);
  const faults: { path: string; what: string }[] = [];
  const batches: (typeof unread)[] = [];
  for (let start = 0; start < unread.length; ) {
    let end = start;
    for (let held = 0; end < unread.length && end - start < 512 && held < 2 ** 24; end += 1) {
      held += unread[end]?.size ?? 0;
    }
    batches.push(unread.slice(start, end));
    start = end;
  }
  const tasks = batches.map(async (batch) => {
    const result = await workers.run({ type: 'digest', files: batch.map(({ path, size }) => ({ path, size })) });
    for (const [at, { folder, index }] of batch.entries()) {
      folder.digests.set(result.digests.subarray(at * 64, (at + 1) * 64), index * 64);
    }
    for (const fault of result.faults) faults.push(describeFault(fault, batch[fault.index]));
  });
  for (const one of await Promise.allSettled(tasks)) if (one.status === 'rejected') throw one.reason;
  if (faults.length > 0) throw unreadable(faults);
}
