import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  let isThere = false;
  try {
    await makeFolder(dirname(destination));
    const handle = await open(temporary, 'wx');
    isThere = true;
    try {
      for await (const bytes of source.read(name)) {
        hash.update(bytes);
        await handle.writeFile(bytes);
      }
    } finally {
      await handle.close();
    }
    const plain = hash.digest('hex');
    const found = plain !== md5 && isLegacy ? await legacyMd5OfFile(temporary) : plain;
    if (found === md5) {
      await rename(temporary, destination);
      isThere = false;
    }
    return found;
  } catch (cause) {
    if (cause instanceof PulltrainError && cause.code === 'object-missing') return null;
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('store-failed', { what: 'the file cannot be written', where: destination, cause });
  } finally {
    if (isThere) await rm(temporary, { force: true });
  }
}

/** Asking costs less than making, and most folders are there. */
async function makeFolder(folder: string): Promise<void> {
  if ((await stat(folder).catch(() => null)) === null) await mkdir(folder, { recursive: true });
}
