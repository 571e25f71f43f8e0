import { parseChunkList } from '../../pipelines/data/store/chunk-list.ts';
import { openDigestSet } from '../../pipelines/data/store/digest-set.ts';
import type { RecordKind } from '../../pipelines/data/store/pack-index.ts';
import { parseTree } from '../../pipelines/data/store/tree.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import { digestOf, integrityOfHex } from './object-place.ts';

/** Somewhere objects can be looked up: a store of this machine or a remote. */
export type ObjectSource<Found> = {
  find(integrity: string): Promise<Found | null>;
  /** Bytes of something found, in memory. */
  bytes(found: Found): Promise<Buffer>;
};

/** Hears of every object once: of those that are here where they lie, of the others what they are. */
type Visitor<Found> = {
  present?(integrity: string, found: Found): void;
  absent?(integrity: string, type: StoredContent['type']): void;
};

/**
 * Visits every object that stands behind some data: trees, files, lists of chunks and chunks. Below a tree or list that is
 * absent nothing is known.
 */
export async function visitObjects<Found extends { kind: RecordKind }>(
  source: ObjectSource<Found>,
  contents: Iterable<StoredContent>,
  { present, absent }: Visitor<Found>,
): Promise<void> {
  const seen = openDigestSet();

  async function take(integrity: string, type: StoredContent['type']): Promise<Found | null> {
    if (!seen.add(digestOf(integrity))) return null;
    const found = await source.find(integrity);
    if (found === null) absent?.(integrity, type);
    else present?.(integrity, found);
    return found;
  }

  async function file(integrity: string): Promise<void> {
    const found = await take(integrity, 'file');
    if (found?.kind !== 'chunks') return;
    for (const [digest] of parseChunkList((await source.bytes(found)).toString()) ?? []) {
      await take(integrityOfHex(digest), 'file');
    }
  }

  async function folder(integrity: string): Promise<void> {
    const found = await take(integrity, 'directory');
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
}

/** The integrities of all objects behind some data that are here. */
export async function collectObjects<Found extends { kind: RecordKind }>(
  source: ObjectSource<Found>,
  contents: Iterable<StoredContent>,
): Promise<Set<string>> {
  const present = new Set<string>();
  await visitObjects(source, contents, { present: (integrity) => void present.add(integrity) });
  return present;
}

/** What of some data is not here, as far as what is here tells. */
export async function collectAbsent<Found extends { kind: RecordKind }>(
  source: ObjectSource<Found>,
  contents: Iterable<StoredContent>,
): Promise<StoredContent[]> {
  const absent: StoredContent[] = [];
  await visitObjects(source, contents, { absent: (integrity, type) => void absent.push({ type, integrity }) });
  return absent;
}
