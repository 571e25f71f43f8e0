import { createHash } from 'node:crypto';
import { createReadStream, type Stats, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { recallFile, rememberFile } from '../stat-cache/file-facts.ts';
import type { StatCache } from '../stat-cache/open-stat-cache.ts';
import { digestParts, integrityOfHex } from './object-place.ts';
import type { LocalStore } from './open-local-store.ts';
import { openWorkers } from './open-workers.ts';
import { placeFile } from './place-file.ts';

/** Where a file lies and what the cache calls it. */
export type FilePlace = { file: string; cache: StatCache; key: string };

/** Integrity of a file, read only when it looks changed; null when there is none. */
export async function integrityOnDisk({ file, cache, key }: FilePlace, found: Stats): Promise<string> {
  const known = recallFile(cache, key, found);
  if (known !== null) return known;
  const at = Date.now();
  await using workers = openWorkers({ bytes: found.size, files: 1 }, () => undefined);
  const { digests, faults } = await workers.run({ type: 'digest', files: [{ path: file, size: found.size }] });
  if (faults.length > 0) {
    throw new PulltrainError('source-unreadable', {
      what: 'the file cannot be read',
      where: file,
      seen: faults[0]?.message ?? '',
    });
  }
  const integrity = integrityOfHex(Buffer.from(digests).toString('hex'));
  rememberFile(cache, key, found, integrity, at);
  return integrity;
}

/** Whether a file is what an integrity of either algorithm names. */
export async function isOnDisk(place: FilePlace, found: Stats, integrity: string): Promise<boolean> {
  const { algorithm, hex } = digestParts(integrity);
  if (algorithm === 'sha512') return (await integrityOnDisk(place, found)) === integrityOfHex(hex);
  const hash = createHash(algorithm);
  for await (const piece of createReadStream(place.file, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex') === hex;
}

/** Makes a file what an integrity names; true when it had to be written. As careful as `checkoutTree`. */
export async function checkoutFile(
  store: LocalStore,
  integrity: string,
  place: FilePlace,
  { force }: { force: boolean },
): Promise<boolean> {
  const found = statSync(place.file, { throwIfNoEntry: false });
  if (found?.isFile() === true && (await isOnDisk(place, found, integrity))) return false;
  if (found !== undefined && !force) {
    const kept = found.isFile() && (await store.has(await integrityOnDisk(place, found)));
    if (!kept) {
      throw new PulltrainError('data-differs', {
        what: found.isFile()
          ? 'the file is not what its pointer names, and no store has it'
          : 'a folder lies where the file of the pointer belongs',
        where: place.key,
        cure: 'Keep it with pulltrain data add, move it away, or use --force to lose it.',
      });
    }
  }
  await mkdir(dirname(place.file), { recursive: true });
  if (found?.isDirectory() === true) await rm(place.file, { recursive: true });
  await placeFile(store, integrity, place.file);
  const now = statSync(place.file);
  if (digestParts(integrity).algorithm === 'sha512') rememberFile(place.cache, place.key, now, integrity, Date.now());
  return true;
}
