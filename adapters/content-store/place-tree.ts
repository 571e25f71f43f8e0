import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sumTree, type TreeFile, walkTree } from './list-tree.ts';
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
  const sum = await sumTree(store, integrity);
  const draft = join(dirname(target), `.pulltrain-${randomUUID()}.tmp`);
  const old = join(dirname(target), `.pulltrain-${randomUUID()}.tmp`);
  try {
    await mkdir(draft, { recursive: true });
    await placeFiles(store, walkTree(store, integrity), sum, { folder: draft, report: () => undefined });
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
  files: AsyncIterable<TreeFile> | Iterable<TreeFile>,
  work: { bytes: number; files: number },
  { folder, report }: { folder: string; report: (bytes: number) => void },
): Promise<void> {
  const folders = new Set<string>();
  await using workers = openWorkers(work, report);
  // Only what the threads are about to do is spelled out: a list of all places would take more room than the listing.
  const batches = batchesOf(files);
  const lane = async () => {
    for await (const some of batches) await placeSome(some);
  };
  const settled = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const one of settled) if (one.status === 'rejected') throw one.reason;

  async function placeSome(some: readonly TreeFile[]): Promise<void> {
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
  }
}

async function* batchesOf(files: AsyncIterable<TreeFile> | Iterable<TreeFile>): AsyncGenerator<TreeFile[]> {
  let some: TreeFile[] = [];
  for await (const file of files) {
    some.push(file);
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
