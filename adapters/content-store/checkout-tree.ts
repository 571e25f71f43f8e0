import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { compareTree } from './compare-tree.ts';
import { fillDigests } from './fill-digests.ts';
import { sumTree, type TreeFile, walkTree } from './list-tree.ts';
import type { LocalStore } from './open-local-store.ts';
import { placeFiles } from './place-tree.ts';
import { snapshotTree, type TreePlace } from './snapshot-tree.ts';

/**
 * Makes a directory what a stored tree says, touching only files that differ, and returns how many were written or
 * removed. Nothing is touched before all bytes have arrived. Files that would go and that the store does not have are
 * somebody's work: `data-differs` names them, unless `force`.
 */
export async function checkoutTree(
  store: LocalStore,
  integrity: string,
  place: TreePlace,
  { force, report }: { force: boolean; report: (bytes: number) => void },
): Promise<number> {
  const { directory } = place;
  const present = await lstat(directory).catch(() => null);
  if (present === null || !present.isDirectory()) return placeNew(present !== null);
  const { root, sum } = await snapshotTree(place);
  if (sum.integrity === integrity) return 0;
  const { added, removed, changed } = await compareTree(store, root, integrity, place);
  const going = [...added, ...changed.map(({ disk }) => disk)];
  if (!force) await requireKept(store, directory, going);
  const wanted = [...removed, ...changed.map(({ stored }) => stored)];
  const draft = join(dirname(directory), `.pulltrain-${randomUUID()}.tmp`);
  try {
    const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
    await placeFiles(store, wanted, { bytes, files: wanted.length }, { folder: draft, report });
    for (const { path } of added) await removeFile(directory, path);
    for (const { path } of wanted) await moveIn(draft, directory, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await snapshotTree(place, undefined, (folder) => fillDigests(store, folder, integrity));
  return going.length + removed.length;

  async function placeNew(isInTheWay: boolean): Promise<number> {
    if (isInTheWay && !force) {
      throw new PulltrainError('data-differs', {
        what: 'a file lies where the folder of the pointer belongs',
        where: directory,
        cure: 'Move it away, or use --force to lose it.',
      });
    }
    const work = await sumTree(store, integrity);
    const draft = join(dirname(directory), `.pulltrain-${randomUUID()}.tmp`);
    try {
      await mkdir(draft, { recursive: true });
      await placeFiles(store, walkTree(store, integrity), work, { folder: draft, report });
      if (isInTheWay) await rm(directory, { force: true });
      await rename(draft, directory);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await snapshotTree(place, undefined, (folder) => fillDigests(store, folder, integrity));
    return work.files;
  }
}

async function requireKept(store: LocalStore, directory: string, going: readonly TreeFile[]): Promise<void> {
  const lost: string[] = [];
  for (const { path, integrity } of going) if ((await store.find(integrity, false)) === null) lost.push(path);
  if (lost.length === 0) return;
  throw new PulltrainError('data-differs', {
    what: `${lost.length} files are not what the pointer names, and no store has them: ${lost.slice(0, 10).join(', ')}`,
    where: directory,
    cure: 'Keep them with pulltrain data add, move them away, or use --force to lose them.',
  });
}

/** Moves a file to its place; what is of another kind there has been looked at and goes. */
async function moveIn(draft: string, directory: string, path: string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  const there = await lstat(target).catch(() => null);
  if (there?.isDirectory() === true) await rm(target, { recursive: true });
  await rename(join(draft, path), target);
}

/** Removes a file, and the folders that are empty without it. */
async function removeFile(directory: string, path: string): Promise<void> {
  await rm(join(directory, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const isEmpty = await rmdir(join(directory, folder)).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return;
  }
}
