import { PulltrainError } from '../../pipelines/errors.ts';

export type ZipEntry = {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  crc32: number;
  compressedSize: number;
  size: number;
  /** Where the compressed bytes begin. */
  start: number;
  kind: 'file' | 'directory' | 'other';
};

const end = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const central = { signature: 0x02014b50, size: 46 };
const local = { signature: 0x04034b50, size: 30 };

/**
 * Lists a zip by its central directory (APPNOTE 4.3) without opening any entry. Anything an artifact of a workflow run
 * does not need is refused: encryption, other compression methods, zip64, several disks.
 */
export function readZipDirectory(zip: Buffer, maxEntries: number): ZipEntry[] {
  const at = findEnd(zip);
  const count = zip.readUInt16LE(at + 10);
  if (count > maxEntries) throw refused('too many entries in the archive', String(count), `${maxEntries} at most`);
  if (zip.readUInt16LE(at + 4) !== 0 || zip.readUInt32LE(at + 16) === 0xffffffff) {
    throw refused('archives of more than one part and zip64 archives are not read');
  }
  let position = zip.readUInt32LE(at + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (position + central.size > at || zip.readUInt32LE(position) !== central.signature) throw damaged();
    const nameLength = zip.readUInt16LE(position + 28);
    const next =
      position + central.size + nameLength + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
    if (next > at) throw damaged();
    entries.push(readEntry(zip, position, nameLength, at));
    position = next;
  }
  return entries;
}

function findEnd(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - end.size - end.longestComment);
  for (let at = zip.length - end.size; at >= lowest; at -= 1) {
    if (zip.readUInt32LE(at) === end.signature && at + end.size + zip.readUInt16LE(at + 20) === zip.length) return at;
  }
  throw damaged();
}

function readEntry(zip: Buffer, position: number, nameLength: number, limit: number): ZipEntry {
  const name = zip.toString('utf8', position + central.size, position + central.size + nameLength);
  const method = zip.readUInt16LE(position + 10);
  if (method !== 0 && method !== 8) throw refused('unknown compression method', `${name}: method ${method}`);
  if ((zip.readUInt16LE(position + 8) & 1) !== 0) throw refused('encrypted entries are not read', name);
  const compressedSize = zip.readUInt32LE(position + 20);
  const size = zip.readUInt32LE(position + 24);
  const header = zip.readUInt32LE(position + 42);
  if (header + local.size > limit || zip.readUInt32LE(header) !== local.signature) throw damaged();
  const start = header + local.size + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  if (start + compressedSize > limit) throw damaged();
  const crc32 = zip.readUInt32LE(position + 16);
  return { name, method, crc32, compressedSize, size, start, kind: kindOf(zip, position, name) };
}

/** Unix file type from the external attributes; archives made elsewhere leave it zero. */
function kindOf(zip: Buffer, position: number, name: string): ZipEntry['kind'] {
  const type = (zip.readUInt32LE(position + 38) >>> 16) & 0xf000;
  if (name.endsWith('/')) return type === 0 || type === 0x4000 ? 'directory' : 'other';
  return type === 0 || type === 0x8000 ? 'file' : 'other';
}

function damaged(): PulltrainError {
  return new PulltrainError('artifact-refused', { what: 'the archive is damaged' });
}

function refused(what: string, seen?: string, allowed?: string): PulltrainError {
  return new PulltrainError('artifact-refused', {
    what,
    ...(seen === undefined ? {} : { seen: JSON.stringify(seen) }),
    ...(allowed === undefined ? {} : { allowed }),
  });
}
