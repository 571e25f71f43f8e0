import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readPackHead, readRecords } from '../../pipelines/data/store/pack-index.ts';
import { integrityOfHex, packName, placeIn } from './object-place.ts';
import type { Segment } from './object-task.ts';
import { openWorkers, type Workers } from './open-workers.ts';

/**
 * Reads a pack again; returns the integrities of the objects whose bytes are not what their name says. Throws
 * `pack-index-invalid` for an index that is not what its own name says. Without `workers` in a thread of its own.
 */
export async function verifyPack(root: string, name: string, workers?: Workers): Promise<string[]> {
  const idx = placeIn(root, packName(name, 'idx'));
  const index = await readFile(idx);
  const sound = createHash('sha256').update(index).digest('hex') === name;
  const { count, packSize } = readPackHead(sound ? index : new Uint8Array(0), idx);
  if (workers === undefined) {
    await using own = openWorkers({ bytes: packSize, files: count }, () => undefined);
    return await verifyPack(root, name, own);
  }
  const file = placeIn(root, packName(name, 'pack'));
  const records = readRecords(index, idx).filter(({ kind }) => kind === 'bytes');
  const segments = records.map(({ offset, length }): Segment => ({ file, offset, length }));
  const { digests } = await workers.run({ type: 'verify', segments });
  // Where bytes could not be read stand zeros, which are the digest of nothing.
  const damaged = records.filter(
    ({ digest }, index) => !digests.subarray(index * 64, (index + 1) * 64).every((byte, at) => byte === digest[at]),
  );
  return damaged.map(({ digest }) => integrityOfHex(Buffer.from(digest).toString('hex')));
}
