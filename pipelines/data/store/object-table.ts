import { headLength, type PackRecord, readPackHead, readRecord, recordLength } from './pack-index.ts';

/** Where an object lies: which of the packs, and which record of it. */
export type Located = PackRecord & { pack: number };

/** What is in many packs, found by digest in one step. It holds no objects, only bytes, and may be shared by threads. */
export type ObjectTable = { indexes: readonly Uint8Array[]; slots: Int32Array; starts: readonly number[] };

/**
 * Builds the table over the indexes of packs. Digests are as good as random, so their first bytes are the hash; a slot
 * holds the number of a record plus one, counted through all indexes.
 */
export function makeObjectTable(indexes: readonly Uint8Array[], names: readonly string[]): ObjectTable {
  const starts: number[] = [];
  let total = 0;
  for (const [pack, bytes] of indexes.entries()) {
    starts.push(total);
    total += readPackHead(bytes, names[pack] ?? '').count;
  }
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, total * 2)));
  const slots = new Int32Array(new SharedArrayBuffer(capacity * 4));
  for (const [pack, bytes] of indexes.entries()) {
    const count = (bytes.length - headLength) / recordLength;
    for (let record = 0; record < count; record += 1) {
      let slot = slotOf(bytes, headLength + record * recordLength + 16, capacity);
      while (slots[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      slots[slot] = (starts[pack] ?? 0) + record + 1;
    }
  }
  return { indexes, slots, starts };
}

/** The object of this digest, from the first pack that has it, or null. */
export function findObject(table: ObjectTable, digest: Uint8Array): Located | null {
  const number = numberOf(table, digest);
  if (number === null) return null;
  const pack = packOf(table.starts, number);
  const bytes = table.indexes[pack];
  return bytes === undefined ? null : { ...readRecord(bytes, number - (table.starts[pack] ?? 0)), pack };
}

export function hasObject(table: ObjectTable, digest: Uint8Array): boolean {
  return numberOf(table, digest) !== null;
}

/** The number of the record of a digest, counted through all indexes. */
function numberOf({ slots, indexes, starts }: ObjectTable, digest: Uint8Array): number | null {
  const capacity = slots.length;
  let slot = slotOf(digest, 0, capacity);
  for (;;) {
    const number = slots[slot] ?? 0;
    if (number === 0) return null;
    const pack = packOf(starts, number - 1);
    const bytes = indexes[pack];
    const record = number - 1 - (starts[pack] ?? 0);
    if (bytes !== undefined && equalAt(bytes, headLength + record * recordLength + 16, digest)) return number - 1;
    slot = (slot + 1) & (capacity - 1);
  }
}

function slotOf(bytes: Uint8Array, at: number, capacity: number): number {
  const word =
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>>
    0;
  return word & (capacity - 1);
}

/** The last pack that starts at or before a record. */
function packOf(starts: readonly number[], record: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= record) low = middle;
    else high = middle - 1;
  }
  return low;
}

function equalAt(bytes: Uint8Array, at: number, digest: Uint8Array): boolean {
  for (let index = 0; index < digest.length; index += 1) if (bytes[at + index] !== digest[index]) return false;
  return true;
}
