import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openDigestSet } from '../../pipelines/data/store/digest-set.ts';
import { findObject, hasObject, type Located, type ObjectTable } from '../../pipelines/data/store/object-table.ts';
import { readPackHead } from '../../pipelines/data/store/pack-index.ts';
import { describeError } from '../../pipelines/describe-error.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { collectAbsent } from './collect-objects.ts';
import { loadRemoteTable, type RemoteTable, readAll } from './load-remote-table.ts';
import { localSource } from './local-source.ts';
import { digestOf, digestParts, looseName, packName, placeIn } from './object-place.ts';
import type { LocalStore } from './open-local-store.ts';
import { openPackWriter } from './open-pack-writer.ts';
import { openWorkers, type Workers } from './open-workers.ts';
import type { Watch } from './push-objects.ts';
import { quarantinePack } from './quarantine-pack.ts';
import { syncFolder } from './sync-folder.ts';
import { withRetries } from './with-retries.ts';

const lanes = 4;
/** Bytes between two wanted ranges that are read along rather than asked for apart. */
const gap = 64 * 1024;

/** `absent` is at the remote neither, `damaged` was there with other bytes, `faults` could not be read. */
export type Fetched = { bytes: number; absent: string[]; damaged: string[]; faults: string[] };

/**
 * Brings what data needs and this store does not have. A pack of which most is wanted comes whole, of others the ranges
 * that are. Everything is verified before it can be found here, and what has arrived is not asked for again. One object
 * that fails after some tries does not keep the others.
 */
export async function fetchObjects(
  store: LocalStore,
  remote: ObjectRemote,
  contents: readonly StoredContent[],
  watch: Watch,
): Promise<Fetched> {
  const fetched: Fetched = { bytes: 0, absent: [], damaged: [], faults: [] };
  const tried = openDigestSet();
  let there: RemoteTable | null = null;
  let total = 0;
  // Trees and lists of chunks tell what else is needed: each round goes one level deeper, from what the last one brought.
  for (let frontier = contents; ; ) {
    await store.packs(true);
    const absent = await collectAbsent(await localSource(store), frontier);
    const wanted: StoredContent[] = [];
    for (const one of absent) {
      if (tried.add(digestOf(one.integrity))) wanted.push(one);
      else if (!fetched.damaged.includes(one.integrity)) fetched.absent.push(one.integrity);
    }
    if (wanted.length === 0) return fetched;
    there ??= await loadRemoteTable(remote, store.root);
    const known = there;
    const bytes = wanted.reduce((sum, { integrity }) => sum + (locate(integrity, known)?.length ?? 0), 0);
    await using workers = openWorkers({ bytes, files: wanted.length }, () => undefined);
    const jobs = planFetch(wanted, known, { store, remote, fetched, watch, workers });
    total += jobs.reduce((sum, job) => sum + job.bytes, 0);
    watch.total(total);
    await inLanes(jobs, lanes, async ({ run }) => {
      await run().catch((thrown) => fetched.faults.push(describeError(thrown)));
    });
    frontier = wanted;
  }
}

type Context = { store: LocalStore; remote: ObjectRemote; fetched: Fetched; watch: Watch; workers: Workers };
type Job = { bytes: number; run(): Promise<void> };

function planFetch(wanted: readonly StoredContent[], there: RemoteTable, context: Context): Job[] {
  const byPack = new Map<number, { bytes: number; integrities: string[] }>();
  const jobs: Job[] = [];
  for (const { integrity } of wanted) {
    const found = locate(integrity, there);
    if (found === null) {
      jobs.push({ bytes: 0, run: () => fetchLoose(integrity, context) });
      continue;
    }
    const held = byPack.get(found.pack) ?? { bytes: 0, integrities: [] };
    held.bytes += found.length;
    held.integrities.push(integrity);
    byPack.set(found.pack, held);
  }
  for (const [pack, { bytes, integrities }] of byPack) {
    const index = there.table.indexes[pack];
    const name = there.packs[pack];
    if (index === undefined || name === undefined) continue;
    const { packSize } = readPackHead(index, name);
    if (bytes * 2 >= packSize || packSize <= 2 ** 20) {
      jobs.push({ bytes: packSize, run: () => fetchPack(name, index, packSize, context) });
    } else {
      const objects = () => integrities.flatMap((integrity) => locate(integrity, there) ?? []);
      jobs.push({ bytes, run: () => fetchRanges(name, objects(), there.table, context) });
    }
  }
  return jobs;
}

function locate(integrity: string, { table }: RemoteTable): Located | null {
  const digest = digestOf(integrity);
  return digest.length === 64 ? findObject(table, digest) : null;
}

/** Brings a whole pack; what of it is damaged is left out and named. */
async function fetchPack(name: string, index: Uint8Array, size: number, context: Context): Promise<void> {
  const { store, remote, fetched, workers } = context;
  const place = placeIn(store.root, packName(name, 'pack'));
  await download(packName(name, 'pack'), place, context);
  const idx = placeIn(store.root, packName(name, 'idx'));
  const temporary = join(store.root, 'tmp', `${randomUUID()}.tmp`);
  await pipeline([index], createWriteStream(temporary, { flags: 'wx', flush: true }));
  await rename(temporary, idx);
  fetched.bytes += size;
  const damaged = await quarantinePack(store.root, name, workers);
  fetched.damaged.push(...damaged);
  await syncFolder(dirname(place));
  if (damaged.length > 0) {
    throw new PulltrainError('content-corrupt', {
      what: `${damaged.length} objects of pack ${name} are damaged there: ${damaged.slice(0, 3).join(', ')}`,
      where: remote.address,
      cure: 'Run pulltrain data verify --remote, and push again from where the data was made.',
    });
  }
}

/** Brings some of the objects of a pack into packs of their own. */
async function fetchRanges(
  name: string,
  objects: readonly Located[],
  table: ObjectTable,
  context: Context,
): Promise<void> {
  const { store, remote, fetched, watch } = context;
  const writer = openPackWriter(store.root);
  const damaged: string[] = [];
  try {
    for (const group of groupRanges(objects)) {
      const start = group[0]?.offset ?? 0;
      const end = Math.max(...group.map(({ offset, length }) => offset + length));
      const bytes = await withRetries(() => readAll(remote.read(packName(name, 'pack'), { start, end })));
      for (const { offset, length, digest, kind } of group) {
        const part = bytes.subarray(offset - start, offset - start + length);
        const found = createHash('sha512').update(part).digest();
        // The index names a list of chunks twice: by the file that it makes and by its own bytes.
        if (kind === 'chunks' && hasObject(table, found)) writer.addChunkList(digest, found, part);
        else if (kind === 'bytes' && found.equals(digest)) writer.add(digest, part);
        else damaged.push(`sha512-${Buffer.from(digest).toString('base64')}`);
        fetched.bytes += length;
        watch.passed(length);
      }
    }
    writer.seal();
  } finally {
    writer.abandon();
  }
  fetched.damaged.push(...damaged);
  if (damaged.length > 0) {
    throw new PulltrainError('content-corrupt', {
      what: `objects of pack ${name} are damaged there: ${damaged.slice(0, 3).join(', ')}`,
      where: remote.address,
      cure: 'Run pulltrain data verify --remote, and push again from where the data was made.',
    });
  }
}

/** Neighbours that are worth reading in one go, of at most some MiB. */
function groupRanges(objects: readonly Located[]): Located[][] {
  const groups: Located[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const one of [...objects].sort((left, right) => left.offset - right.offset)) {
    const last = groups.at(-1);
    const begin = last?.[0]?.offset ?? 0;
    if (last !== undefined && one.offset - end <= gap && one.offset - begin < 2 ** 23) last.push(one);
    else groups.push([one]);
    end = one.offset + one.length;
  }
  return groups;
}

/** Brings an object that has a file of its own; nothing when the remote does not have it. */
async function fetchLoose(integrity: string, context: Context): Promise<void> {
  const { store, remote, fetched, watch } = context;
  const name = looseName(integrity);
  const size = await withRetries(() => remote.size(name));
  if (size === null) return;
  const place = placeIn(store.root, name);
  const { algorithm, hex } = digestParts(integrity);
  const isSame = await download(name, place, context, { algorithm, hex });
  if (!isSame) {
    fetched.damaged.push(integrity);
    throw new PulltrainError('content-corrupt', {
      what: `${integrity} is damaged there`,
      where: remote.address,
      cure: 'Run pulltrain data verify --remote, and push again from where the data was made.',
    });
  }
  fetched.bytes += size;
  watch.total(size);
  await syncFolder(dirname(place));
}

/** Copies an object to `place` in one step, if it comes to the digest where one is given. */
async function download(
  name: string,
  place: string,
  { store, remote, watch }: Context,
  digest?: { algorithm: string; hex: string },
): Promise<boolean> {
  const temporary = join(store.root, 'tmp', `${randomUUID()}.tmp`);
  await mkdir(dirname(temporary), { recursive: true });
  await mkdir(dirname(place), { recursive: true });
  try {
    const { fetch } = remote;
    if (digest === undefined && fetch !== undefined) {
      await withRetries(async () => {
        await rm(temporary, { force: true });
        await fetch(name, temporary);
      });
      watch.passed((await stat(temporary)).size);
      await rename(temporary, place);
      return true;
    }
    const found = await withRetries(async () => {
      const hash = createHash(digest?.algorithm ?? 'sha512');
      await rm(temporary, { force: true });
      async function* passing() {
        for await (const piece of remote.read(name)) {
          if (digest !== undefined) hash.update(piece);
          watch.passed(piece.length);
          yield piece;
        }
      }
      await pipeline(passing, createWriteStream(temporary, { flags: 'wx', flush: true }));
      return hash.digest('hex');
    });
    if (digest !== undefined && found !== digest.hex) return false;
    await rename(temporary, place);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}
