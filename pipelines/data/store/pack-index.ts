import { PulltrainError } from '../../errors.ts';

/** What a record names: bytes by their own digest, or the list of chunks of the file with that digest. */
export type RecordKind = 'bytes' | 'chunks';
export type PackRecord = { digest: Uint8Array; kind: RecordKind; offset: number; length: number };

/** Layout of an index: a head of 32 bytes, then one record of 80 bytes per object, sorted by digest. Little-endian. */
export const headLength = 32;
export const recordLength = 80;
const magic = 0x31585450;
const kinds: readonly RecordKind[] = ['bytes', 'chunks'];

/** An index as it grows: what was appended to a pack so far. It holds bytes and no objects. */
export type IndexBuilder = {
  readonly count: number;
  /** Notes an object; the digest is copied. */
  add(record: PackRecord): void;
  /** The bytes of the index. Head: magic, version, count, zero, size of the pack. Record: kind, length, offset, digest. */
  encode(packSize: number): Uint8Array;
};

export function openPackIndex(): IndexBuilder {
  let rows = new Uint8Array(256 * recordLength);
  let view = new DataView(rows.buffer);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add({ digest, kind, offset, length }) {
      if ((count + 1) * recordLength > rows.length) {
        const larger = new Uint8Array(rows.length * 2);
        larger.set(rows);
        rows = larger;
        view = new DataView(rows.buffer);
      }
      const at = count * recordLength;
      view.setUint32(at, kinds.indexOf(kind), true);
      view.setUint32(at + 4, length, true);
      view.setBigUint64(at + 8, BigInt(offset), true);
      rows.set(digest, at + 16);
      count += 1;
    },
    encode(packSize) {
      const bytes = new Uint8Array(headLength + count * recordLength);
      const head = new DataView(bytes.buffer);
      head.setUint32(0, magic, true);
      head.setUint32(4, 1, true);
      head.setUint32(8, count, true);
      head.setBigUint64(16, BigInt(packSize), true);
      const order = Array.from({ length: count }, (_, index) => index);
      order.sort((left, right) => compareRows(rows, view, left * recordLength, right * recordLength));
      for (const [index, row] of order.entries()) {
        const at = row * recordLength;
        bytes.set(rows.subarray(at, at + recordLength), headLength + index * recordLength);
      }
      return bytes;
    },
  };
}

/** By digest, and bytes before lists of chunks. */
function compareRows(rows: Uint8Array, view: DataView, left: number, right: number): number {
  // Digests are as good as random: their first bytes nearly always decide.
  const first = view.getUint32(left + 16) - view.getUint32(right + 16);
  if (first !== 0) return first;
  for (let at = 20; at < recordLength; at += 1) {
    const difference = (rows[left + at] ?? 0) - (rows[right + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return view.getUint32(left, true) - view.getUint32(right, true);
}

/** Objects of an index and bytes of its pack, after looking that it is whole. Throws `pack-index-invalid`. */
export function readPackHead(bytes: Uint8Array, where: string): { count: number; packSize: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = bytes.length >= headLength && view.getUint32(0, true) === magic && view.getUint32(4, true) === 1;
  const count = known ? view.getUint32(8, true) : 0;
  if (!known || bytes.length !== headLength + count * recordLength) {
    throw new PulltrainError('pack-index-invalid', {
      what: 'not the index of a pack, or one that was cut off',
      where,
      seen: `${bytes.length} bytes`,
      cure: 'Run pulltrain data verify.',
    });
  }
  return { count, packSize: Number(view.getBigUint64(16, true)) };
}

/** The record at a position of the sorted index; its digest is a view of the same bytes. */
export function readRecord(bytes: Uint8Array, index: number): PackRecord {
  const at = headLength + index * recordLength;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, recordLength);
  return {
    kind: kinds[view.getUint32(0, true)] ?? 'bytes',
    length: view.getUint32(4, true),
    offset: Number(view.getBigUint64(8, true)),
    digest: bytes.subarray(at + 16, at + recordLength),
  };
}

/** Every record of an index in the order of the bytes in the pack. */
export function readRecords(bytes: Uint8Array, where: string): PackRecord[] {
  const { count } = readPackHead(bytes, where);
  return Array.from({ length: count }, (_, index) => readRecord(bytes, index)).sort(
    (left, right) => left.offset - right.offset,
  );
}
