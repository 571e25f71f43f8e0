import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DvcDigest, dvcObjectName } from '../../pipelines/data/dvc/dvc-out.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { legacyMd5OfFile } from './digest-file.ts';

/**
 * Brings an object from the first of the sources that has it, verified, in place of whatever is at `destination`; a source
 * is opened when its turn comes. Damaged bytes are asked for once more, as they may have been damaged on the way, and then
 * looked for in the next source. Throws `content-corrupt`, naming what is damaged, or `content-missing`.
 */
export async function fetchDvcObject(
  sources: readonly (() => Promise<ObjectRemote>)[],
  digest: DvcDigest,
  destination: string,
): Promise<void> {
  const name = dvcObjectName(digest);
  const looked: string[] = [];
  let damaged: { address: string; md5: string } | undefined;
  for (const open of sources) {
    const source = await open();
    looked.push(source.address);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const md5 = await bring(source, name, digest, destination);
      if (md5 === digest.md5) return;
      if (md5 === null) break;
      damaged = { address: `${source.address}/${name}`, md5 };
    }
  }
  if (damaged === undefined) {
    throw new PulltrainError('content-missing', {
      what: `nowhere is an object ${name}`,
      where: looked.join(', '),
      cure: 'Push it from where it was made (dvc push), or name another remote.',
    });
  }
  throw new PulltrainError('content-corrupt', {
    what: 'the stored bytes are damaged',
    where: damaged.address,
    seen: `MD5 ${damaged.md5}`,
    allowed: `MD5 ${digest.md5}`,
    cure: 'Remove that object, and push it again from where the data is whole (dvc push).',
  });
}

/** The digest of what came, null when the source has nothing; only bytes of the right digest reach the destination. */
async function bring(
  source: ObjectRemote,
  name: string,
  { md5, isLegacy }: DvcDigest,
  destination: string,
): Promise<string | null> {
  const temporary = join(dirname(destination), `.pulltrain-${randomUUID()}.tmp`);
  const hash = createHash('md5');
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await mkdir(dirname(destination), { recursive: true });
    await pipeline(source.read(name), counted, createWriteStream(temporary, { flags: 'wx', flush: true }));
    const plain = hash.digest('hex');
    const found = plain !== md5 && isLegacy ? await legacyMd5OfFile(temporary) : plain;
    if (found === md5) await rename(temporary, destination);
    return found;
  } catch (cause) {
    if (cause instanceof PulltrainError && cause.code === 'object-missing') return null;
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('store-failed', { what: 'the file cannot be written', where: destination, cause });
  } finally {
    await rm(temporary, { force: true });
  }
}
