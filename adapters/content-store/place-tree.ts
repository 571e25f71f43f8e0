import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { inLanes } from '../remotes/in-lanes.ts';
import { listTree, type TreeFile } from './list-tree.ts';
import { digestParts } from './object-place.ts';
import type { FileToPlace } from './object-task.ts';
import { type LocalStore, missing } from './open-local-store.ts';
import { openWorkers } from './open-workers.ts';
import { moveAway } from './place-file.ts';

/** Files for one task of a thread. */
const batch = 256;
/** Tasks prepared at once: every thread has its next one. */
const lanes = 2 * availableParallelism();

/** Makes `destination` the directory behind a root tree, in one step, in place of what is there. */
export async function placeTree(store: LocalStore, integrity: string, destination: string): Promise<void> {
  const target = resolve(destination);
  const files = await listTree(store, integrity);
  const draft = join(dirname(target), `.pulltrain-${randomUUID()}.tmp`);
  const old = join(dirname(target), `.pulltrain-${randomUUID()}.tmp`);
  try {
    await mkdir(draft, { recursive: true });
    await placeFiles(store, files, draft, () => undefined);
    if ((await lstat(target).catch(() => null)) !== null) await rename(target, old);
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** Writes files of a tree below a folder, where none of them may be yet, on every core. */
export async function placeFiles(
  store: LocalStore,
  files: readonly TreeFile[],
  folder: string,
  report: (bytes: number) => void,
): Promise<void> {
  const folders = new Set<string>();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  await using workers = openWorkers({ bytes, files: files.length }, report);
  // Only what the threads are about to do is spelled out: a list of all places would take more room than the listing.
  const starts = Array.from({ length: Math.ceil(files.length / batch) }, (_, index) => index * batch);
  await inLanes(starts, lanes, async (start) => {
    const some = files.slice(start, start + batch);
    const placing: FileToPlace[] = [];
    for (const { path, integrity } of some) {
      const segments = await store.segments(integrity);
      if (segments === null) throw missing(integrity, store.root);
      const destination = join(folder, path);
      const parent = dirname(destination);
      if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
      folders.add(parent);
      const spans = segments.map(({ file, offset, length }) => ({ file, offset, length }));
      placing.push({ destination, digest: digestParts(integrity).hex, segments: spans });
    }
    const { faults } = await workers.run({ type: 'place', files: placing });
    const [fault] = faults;
    const bad = fault === undefined ? undefined : some[fault.index];
    if (fault !== undefined && bad !== undefined) {
      throw await moveAway(store, bad.integrity, placing[fault.index]?.segments ?? []);
    }
  });
}
