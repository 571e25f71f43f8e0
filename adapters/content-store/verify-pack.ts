import { createHash, hash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { readPackHead, readRecords } from '../../pipelines/data/store/pack-index.ts';
import { integrityOfHex, packName, placeIn } from './object-place.ts';

/**
 * Reads a pack again; returns the integrities of the objects whose bytes are not what their name says. Throws
 * `pack-index-invalid` for an index that is not what its own name says.
 */
export async function verifyPack(root: string, name: string): Promise<string[]> {
  const idx = placeIn(root, packName(name, 'idx'));
  const index = await readFile(idx);
  const sound = createHash('sha256').update(index).digest('hex') === name;
  readPackHead(sound ? index : new Uint8Array(0), idx);
  const damaged: string[] = [];
  let buffer = Buffer.allocUnsafe(2 ** 20);
  const handle = await open(placeIn(root, packName(name, 'pack')), 'r').catch(() => null);
  try {
    for (const { kind, offset, length, digest } of readRecords(index, idx)) {
      const integrity = integrityOfHex(Buffer.from(digest).toString('hex'));
      if (kind === 'chunks') continue;
      if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
      const bytes = buffer.subarray(0, length);
      const read = await handle?.read(bytes, 0, length, offset);
      const isSame = read?.bytesRead === length && hash('sha512', bytes, 'buffer').equals(digest);
      if (!isSame) damaged.push(integrity);
    }
  } finally {
    await handle?.close();
  }
  return damaged;
}
