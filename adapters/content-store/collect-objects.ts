import { parseChunkList } from '../../pipelines/data/store/chunk-list.ts';
import type { RecordKind } from '../../pipelines/data/store/pack-index.ts';
import { parseTree } from '../../pipelines/data/store/tree.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import { integrityOfHex } from './object-place.ts';

/** Somewhere objects can be looked up: a store of this machine or a remote. */
export type ObjectSource<Found> = {
  find(integrity: string): Promise<Found | null>;
  /** Bytes of something found, in memory. */
  bytes(found: Found): Promise<Buffer>;
};

/** What data needs, by integrity: what is here and where, and what is not. */
export type Needed<Found> = { present: Map<string, Found>; absent: Set<string> };

/**
 * Every object that stands behind some data: trees, files, lists of chunks and chunks. Below a tree or list that is
 * absent nothing is known.
 */
export async function collectObjects<Found extends { kind: RecordKind }>(
  source: ObjectSource<Found>,
  contents: Iterable<StoredContent>,
): Promise<Needed<Found>> {
  const present = new Map<string, Found>();
  const absent = new Set<string>();

  async function take(integrity: string): Promise<Found | null> {
    const found = await source.find(integrity);
    if (found === null) absent.add(integrity);
    else present.set(integrity, found);
    return found;
  }

  async function file(integrity: string): Promise<void> {
    if (present.has(integrity) || absent.has(integrity)) return;
    const found = await take(integrity);
    if (found?.kind !== 'chunks') return;
    for (const [digest] of parseChunkList((await source.bytes(found)).toString()) ?? []) {
      const chunk = integrityOfHex(digest);
      if (!present.has(chunk)) await take(chunk);
    }
  }

  async function folder(integrity: string): Promise<void> {
    if (present.has(integrity) || absent.has(integrity)) return;
    const found = await take(integrity);
    if (found === null) return;
    const tree = parseTree((await source.bytes(found)).toString(), integrity);
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
