import { PulltrainError } from '../../../../pipelines/errors.ts';

export type ZipEntry = {
  name: string;
  isFolder: boolean;
  /** Anything but a plain file or folder. */
  isLink: boolean;
  isEncrypted: boolean;
  method: number;
  crc: number;
  /** Unpacked size as the directory says, in bytes. */
  size: number;
  packed: Buffer;
};

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const fileSignature = 0x04034b50;
const endLength = 22;
const unixHost = 3;

/**
 * The central directory of a zip (APPNOTE 6.3, sections 4.3.12 and 4.3.16) with each entry's packed bytes. Archives in
 * parts and zip64 are refused. Throws `zip-invalid`.
 */
export function readZipEntries(zip: Buffer, maxEntries: number): ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  const offset = zip.readUInt32LE(end + 16);
  if (zip.readUInt16LE(end + 8) !== count || count === 0xffff || offset === 0xffffffff)
    throw invalid('it is in parts or zip64');
  if (count > maxEntries) throw invalid(`it has ${count} entries, more than ${maxEntries}`);
  const entries: ZipEntry[] = [];
  let position = offset;
  for (let index = 0; index < count; index++) {
    const { entry, next } = readEntry(zip, position);
    entries.push(entry);
    position = next;
  }
  if (position > end) throw invalid('its directory is longer than it says');
  return entries;
}

function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - endLength - 0xffff);
  for (let position = zip.length - endLength; position >= first; position--)
    if (
      zip.readUInt32LE(position) === endSignature &&
      position + endLength + zip.readUInt16LE(position + 20) === zip.length
    )
      return position;
  throw invalid('it is no zip');
}

function readEntry(zip: Buffer, position: number): { entry: ZipEntry; next: number } {
  if (position + 46 > zip.length || zip.readUInt32LE(position) !== directorySignature)
    throw invalid('its directory is damaged');
  const nameLength = zip.readUInt16LE(position + 28);
  const nameEnd = position + 46 + nameLength;
  const next = nameEnd + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
  if (next > zip.length) throw invalid('its directory is damaged');
  const name = zip.toString('utf8', position + 46, nameEnd);
  const isUnix = zip.readUInt8(position + 5) === unixHost;
  const kind = (zip.readUInt32LE(position + 38) >>> 16) & 0o170000;
  const entry: ZipEntry = {
    name,
    isFolder: name.endsWith('/'),
    isLink: isUnix && kind !== 0 && kind !== 0o100000 && kind !== 0o040000,
    isEncrypted: (zip.readUInt16LE(position + 8) & 1) !== 0,
    method: zip.readUInt16LE(position + 10),
    crc: zip.readUInt32LE(position + 16),
    size: zip.readUInt32LE(position + 24),
    packed: packedBytes(zip, zip.readUInt32LE(position + 42), zip.readUInt32LE(position + 20)),
  };
  return { entry, next };
}

function packedBytes(zip: Buffer, offset: number, length: number): Buffer {
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== fileSignature) throw invalid('an entry is damaged');
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  if (start + length > zip.length) throw invalid('an entry is cut off');
  return zip.subarray(start, start + length);
}

function invalid(what: string): PulltrainError {
  return new PulltrainError('zip-invalid', { what: `the artifact cannot be read: ${what}` });
}
