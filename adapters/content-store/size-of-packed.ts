import { parseChunkList } from '../../pipelines/data/store/chunk-list.ts';
import { findObject } from '../../pipelines/data/store/object-table.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { type RemoteTable, readAll } from './load-remote-table.ts';
import { digestOf, packName } from './object-place.ts';

/** Bytes of a file in the packs of a remote, or null when it is in none. */
export async function sizeOfPacked(
  remote: ObjectRemote,
  { table, packs }: RemoteTable,
  integrity: string,
): Promise<number | null> {
  const digest = digestOf(integrity);
  const found = digest.length === 64 ? findObject(table, digest) : null;
  if (found === null) return null;
  if (found.kind === 'bytes') return found.length;
  const name = packName(packs[found.pack] ?? '', 'pack');
  const bytes = await readAll(remote.read(name, { start: found.offset, end: found.offset + found.length }));
  const chunks = parseChunkList(bytes.toString());
  return chunks === null ? null : chunks.reduce((sum, [, size]) => sum + size, 0);
}
