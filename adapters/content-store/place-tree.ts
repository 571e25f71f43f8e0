import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { listTree, type TreeFile } from './list-tree.ts';
import { digestParts } from './object-place.ts';
import type { FileToPlace } from './object-task.ts';
import { type LocalStore, missing } from './open-local-store.ts';
import { openWorkers } from './open-workers.ts';
import { moveAway } from './place-file.ts';

/** Files for one task of a thread. */
const batch = 256;

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
  const placing: FileToPlace[] = [];
  const folders = new Set<string>();
  for (const { path, integrity } of files) {
    const segments = await store.segments(integrity);
    if (segments === null) throw missing(integrity, store.root);
    const destination = join(folder, path);
    const parent = dirname(destination);
    if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
    folders.add(parent);
    placing.push({ destination, digest: digestParts(integrity).hex, segments });
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  await using workers = openWorkers({ bytes, files: files.length }, report);
  const tasks: Promise<void>[] = [];
  for (let start = 0; start < placing.length; start += batch) {
    tasks.push(
      workers.run({ type: 'place', files: placing.slice(start, start + batch) }).then(async ({ faults }) => {
        const [fault] = faults;
        const bad = fault === undefined ? undefined : files[start + fault.index];
        if (fault === undefined || bad === undefined) return;
        throw await moveAway(store, bad.integrity, placing[start + fault.index]?.segments ?? []);
      }),
    );
  }
  for (const settled of await Promise.allSettled(tasks)) if (settled.status === 'rejected') throw settled.reason;
}
