import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRecords } from '../../pipelines/data/store/pack-index.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfHex, packName, placeIn } from './object-place.ts';
import { openPackWriter } from './open-pack-writer.ts';
import type { Workers } from './open-workers.ts';
import { verifyPack } from './verify-pack.ts';

/**
 * Moves a pack with damage to `<root>/quarantine`, after its sound objects were written to another one, so that nothing
 * is lost but what is damaged; a pack whose index is damaged goes whole. Returns the integrities of the damaged objects,
 * as far as they are known, none when the pack is sound.
 */
export async function quarantinePack(root: string, name: string, workers?: Workers): Promise<string[]> {
  const [pack, idx] = [placeIn(root, packName(name, 'pack')), placeIn(root, packName(name, 'idx'))];
  const damaged = await verifyPack(root, name, workers).catch((thrown) => {
    if (thrown instanceof PulltrainError && thrown.code === 'pack-index-invalid') return null;
    throw thrown;
  });
  if (damaged?.length === 0) return [];
  if (damaged !== null) await saveSound(root, name, new Set(damaged));
  const away = join(root, 'quarantine', `${name}.${randomUUID()}`);
  await mkdir(dirname(away), { recursive: true });
  await rename(idx, `${away}.idx`);
  await rename(pack, `${away}.pack`).catch(() => undefined);
  return damaged ?? [];
}

/** Writes the sound objects of a pack to another one. */
async function saveSound(root: string, name: string, damaged: ReadonlySet<string>): Promise<void> {
  const [pack, idx] = [placeIn(root, packName(name, 'pack')), placeIn(root, packName(name, 'idx'))];
  const writer = openPackWriter(root);
  try {
    const lists = new Map<number, Uint8Array>();
    const records = readRecords(await readFile(idx), idx);
    for (const { kind, offset, digest } of records) if (kind === 'chunks') lists.set(offset, digest);
    const bytes = await readFile(pack).catch(() => Buffer.alloc(0));
    for (const { kind, offset, length, digest } of records) {
      if (kind === 'chunks' || damaged.has(integrityOfHex(Buffer.from(digest).toString('hex')))) continue;
      const file = lists.get(offset);
      if (file === undefined) writer.add(digest, bytes.subarray(offset, offset + length));
      else writer.addChunkList(file, digest, bytes.subarray(offset, offset + length));
    }
    writer.seal();
  } finally {
    writer.abandon();
  }
}
