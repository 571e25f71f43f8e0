import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasObject } from '../../pipelines/data/store/object-table.ts';
import type { ObjectSource } from './collect-objects.ts';
import { digestOf } from './object-place.ts';
import { type LocalStore, readSegment, type StoredObject } from './open-local-store.ts';

/**
 * The objects of a store as they are now, in packs as they were at its last look. What has a file of its own is listed once:
 * to ask the disk for each of a million objects that are not there takes minutes.
 */
export async function localSource(store: LocalStore): Promise<ObjectSource<StoredObject>> {
  const { table } = await store.packs();
  const loose = await listLoose(store.root);
  return {
    async find(integrity) {
      const digest = digestOf(integrity);
      const isHere = (digest.length === 64 && hasObject(table, digest)) || loose.has(digest.toString('hex'));
      return isHere ? store.find(integrity, false) : null;
    },
    bytes: readSegment,
  };
}

/** Hex digests of the objects that have a file of their own. */
async function listLoose(root: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const algorithm of ['sha512', 'sha256']) {
    for (const folder of await readdir(join(root, algorithm)).catch(() => [])) {
      for (const name of await readdir(join(root, algorithm, folder)).catch(() => [])) found.add(`${folder}${name}`);
    }
  }
  return found;
}
