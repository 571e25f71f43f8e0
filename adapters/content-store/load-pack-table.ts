import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeObjectTable, type ObjectTable } from '../../pipelines/data/store/object-table.ts';
import { readPackHead } from '../../pipelines/data/store/pack-index.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { packName, placeIn } from './object-place.ts';

/** What lies in the packs of a store; `packs` are their names, in the order in which the table counts them. */
export type PackTable = { table: ObjectTable; packs: readonly string[] };

/**
 * Reads every index below `root`; a pack without one is not there yet, and what only one that was cut off names counts as
 * missing. Throws `store-failed`.
 */
export async function loadPackTable(root: string): Promise<PackTable> {
  const packs = await listPacks(root);
  const indexes = await Promise.all(packs.map((name) => readShared(placeIn(root, packName(name, 'idx')))));
  const whole = packs.map((_, index) => isWhole(indexes[index]));
  return tableOf(
    packs.filter((_, index) => whole[index]),
    indexes.filter((_, index) => whole[index]),
  );
}

function isWhole(index: Uint8Array | undefined): boolean {
  try {
    readPackHead(index ?? new Uint8Array(0), '');
    return true;
  } catch (thrown) {
    if (thrown instanceof PulltrainError) return false;
    throw thrown;
  }
}

export function tableOf(packs: readonly string[], indexes: readonly Uint8Array[]): PackTable {
  return { table: makeObjectTable(indexes, packs), packs };
}

/** Names of the packs that have an index, sorted. */
export async function listPacks(root: string): Promise<string[]> {
  const folders = await namesIn(join(root, 'packs'));
  const files = await Promise.all(folders.map((folder) => namesIn(join(root, 'packs', folder))));
  return files
    .flat()
    .filter((name) => /^[0-9a-f]{64}\.idx$/.test(name))
    .map((name) => name.slice(0, 64))
    .sort();
}

/** The bytes of a file where all threads can read them. */
async function readShared(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return [];
    throw new PulltrainError('store-failed', { what: 'the store cannot be read', where: folder, cause });
  }
}
