import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ssri from 'ssri';
import { integritySchema } from '../../pipelines/contracts/common.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';

/**
 * A content store in a directory: `<root>/sha512/ab/cdef...` by hex digest (`sha256` for names of that kind). What is
 * written becomes visible at once and whole: temporary file, fsync, rename. What is read is verified on the way; bytes
 * that do not match their name are moved to `<root>/quarantine` and count as missing from then on. Files of any size pass
 * through in small pieces.
 *
 * Throws `content-missing`, `content-corrupt`, `integrity-invalid`, and `store-failed` for what the disk refuses.
 */
export function openDirectoryStore(root: string): ContentStore {
  const placeOf = (integrity: string) => join(resolve(root), ...pathParts(integrity));

  async function quarantine(integrity: string, place: string): Promise<string> {
    const away = join(resolve(root), 'quarantine', `${pathParts(integrity).join('-')}.${randomUUID()}`);
    await mkdir(dirname(away), { recursive: true });
    await rename(place, away);
    return away;
  }

  return {
    async has(integrity) {
      return (await sizeOf(placeOf(integrity))) !== null;
    },

    async size(integrity) {
      return sizeOf(placeOf(integrity));
    },

    async get(integrity, destination) {
      const place = placeOf(integrity);
      if ((await sizeOf(place)) === null) {
        throw new PulltrainError('content-missing', {
          what: `the store has no ${integrity}`,
          where: root,
          cure: 'Put the data there (pulltrain data add), or name another store.',
        });
      }
      const algorithm = pathParts(integrity)[0];
      const arrived = await copyWhole(place, dirname(resolve(destination)), algorithm, async (temporary, found) => {
        if (found.integrity === canonical(integrity)) await rename(temporary, destination);
      });
      if (arrived.integrity === canonical(integrity)) return;
      const away = await quarantine(integrity, place);
      throw new PulltrainError('content-corrupt', {
        what: `the stored bytes of ${integrity} are damaged and were moved to ${away}`,
        where: root,
        seen: arrived.integrity,
        cure: 'Put the data there again (pulltrain data add).',
      });
    },

    async put(file) {
      return copyWhole(file, join(resolve(root), 'tmp'), 'sha512', async (temporary, found) => {
        const place = placeOf(found.integrity);
        const present = await sizeOf(place);
        if (present === found.size) return;
        if (present !== null) await quarantine(found.integrity, place);
        await mkdir(dirname(place), { recursive: true });
        await rename(temporary, place);
        await syncDirectory(dirname(place));
      });
    },
  };
}

type Found = { integrity: string; size: number };

/** Copies to a temporary file in `folder`, hands it over with what was read, and leaves nothing behind. */
async function copyWhole(
  from: string,
  folder: string,
  algorithm: string,
  handOver: (temporary: string, found: Found) => Promise<void>,
): Promise<Found> {
  const temporary = join(folder, `.pulltrain-${randomUUID()}.tmp`);
  const hash = createHash(algorithm);
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await mkdir(folder, { recursive: true });
    await pipeline(createReadStream(from), counted, createWriteStream(temporary, { flags: 'wx', flush: true }));
    const found = { integrity: `${algorithm}-${hash.digest('base64')}`, size };
    await handOver(temporary, found);
    return found;
  } catch (cause) {
    throw new PulltrainError('store-failed', { what: `could not copy ${from}`, where: folder, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

function pathParts(integrity: string): [algorithm: string, first: string, rest: string] {
  if (!integritySchema.safeParse(integrity).success) {
    throw new PulltrainError('integrity-invalid', {
      what: 'not an integrity',
      seen: integrity,
      allowed: 'sha512-<base64>',
    });
  }
  const hash = ssri.parse(integrity, { single: true });
  const hex = hash.hexDigest();
  return [hash.algorithm, hex.slice(0, 2), hex.slice(2)];
}

/** The one spelling of an integrity: padded base64 of the digest. */
function canonical(integrity: string): string {
  const [algorithm, first, rest] = pathParts(integrity);
  return `${algorithm}-${Buffer.from(first + rest, 'hex').toString('base64')}`;
}

async function sizeOf(place: string): Promise<number | null> {
  try {
    const found = await stat(place);
    return found.isFile() ? found.size : null;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new PulltrainError('store-failed', { what: 'the store cannot be read', where: place, cause });
  }
}

async function syncDirectory(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
