import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfHex, looseName, placeIn } from './object-place.ts';
import { syncFolder } from './sync-folder.ts';

/** Stores a file as an object of its own: temporary file, fsync, rename. A stored one of another size is moved away. */
export async function putLoose(root: string, file: string): Promise<{ integrity: string; size: number }> {
  const temporary = join(root, 'tmp', `${randomUUID()}.tmp`);
  const hash = createHash('sha512');
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await mkdir(dirname(temporary), { recursive: true });
    await pipeline(createReadStream(file), counted, createWriteStream(temporary, { flags: 'wx', flush: true }));
    const integrity = integrityOfHex(hash.digest('hex'));
    const place = placeIn(root, looseName(integrity));
    const present = await stat(place).catch(() => null);
    if (present?.size === size) return { integrity, size };
    if (present !== null) await quarantineLoose(root, integrity);
    await mkdir(dirname(place), { recursive: true });
    await rename(temporary, place);
    await syncFolder(dirname(place));
    return { integrity, size };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
      throw new PulltrainError('disk-full', { what: `the disk has no room for ${file}`, where: root, cause });
    }
    throw new PulltrainError('store-failed', { what: `could not store ${file}`, where: root, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Moves an object of its own out of the way; returns where it went. */
export async function quarantineLoose(root: string, integrity: string): Promise<string> {
  const away = join(root, 'quarantine', `${looseName(integrity).replaceAll('/', '-')}.${randomUUID()}`);
  await mkdir(dirname(away), { recursive: true });
  await rename(placeIn(root, looseName(integrity)), away);
  return away;
}
