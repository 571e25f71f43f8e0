import { parseTree } from '../../pipelines/data/store/tree.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import { integrityOfHex } from './object-place.ts';
import { type LocalStore, missing, readChunkList, type StoredObject } from './open-local-store.ts';

/** What data needs, by integrity: what is here and where, and what is not. */
export type Needed = { present: Map<string, StoredObject>; absent: Set<string> };

/**
 * Every object that stands behind some data: trees, files, lists of chunks and chunks. Below a tree or list that is
 * absent nothing is known. Packs are taken as they were at the store's last look.
 */
export async function collectObjects(store: LocalStore, contents: Iterable<StoredContent>): Promise<Needed> {
  const present = new Map<string, StoredObject>();
  const absent = new Set<string>();

  async function take(integrity: string): Promise<StoredObject | null> {
    const found = await store.find(integrity, false);
    if (found === null) absent.add(integrity);
    else present.set(integrity, found);
    return found;
  }

  async function file(integrity: string): Promise<void> {
    if (present.has(integrity) || absent.has(integrity)) return;
    const found = await take(integrity);
    if (found?.kind !== 'chunks') return;
    for (const [digest] of (await readChunkList(found)) ?? []) {
      const chunk = integrityOfHex(digest);
      if (!present.has(chunk)) await take(chunk);
    }
  }

  async function folder(integrity: string): Promise<void> {
    if (present.has(integrity) || absent.has(integrity)) return;
    if ((await take(integrity)) === null) return;
    const bytes = await store.read(integrity);
    if (bytes === null) throw missing(integrity, store.root);
    const tree = parseTree(bytes.toString(), integrity);
    if ('parts' in tree) for (const part of tree.parts) await folder(part.integrity);
    else {
      for (const entry of tree.entries) {
        if (entry.type === 'directory') await folder(entry.integrity);
        else await file(entry.integrity);
      }
    }
  }

  for (const { type, integrity } of contents) await (type === 'directory' ? folder(integrity) : file(integrity));
  return { present, absent };
}
