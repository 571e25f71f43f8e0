import { PulltrainError } from '../../errors.ts';

/** What a record names: bytes by their own digest, or the list of chunks of the file with that digest. */
export type RecordKind = 'bytes' | 'chunks';
export type PackRecord = { digest: Uint8Array; kind: RecordKind; offset: number; length: number };

/** Layout of an index: a head of 32 bytes, then one record of 80 bytes per object, sorted by digest. Little-endian. */
export const headLength = 32;
export const recordLength = 80;
const magic = 0x31585450;
const kinds: readonly RecordKind[] = ['bytes', 'chunks'];

/** Head: magic, version, count, zero, size of the pack. Record: kind, length, offset, digest (sha512, 64 bytes). */
export function encodePackIndex(records: readonly PackRecord[], packSize: number): Uint8Array {
  const bytes = new Uint8Array(headLength + records.length * recordLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, records.length, true);
  view.setBigUint64(16, BigInt(packSize), true);
  const sorted = [...records].sort(
    (left, right) => compareBytes(left.digest, right.digest) || (left.kind < right.kind ? -1 : 1),
  );
  for (const [index, { digest, kind, offset, length }] of sorted.entries()) {
    const at = headLength + index * recordLength;
    view.setUint32(at, kinds.indexOf(kind), true);
    view.setUint32(at + 4, length, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    bytes.set(digest, at + 16);
  }
  return bytes;
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

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
