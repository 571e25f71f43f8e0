import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DigestSet, openDigestSet } from '../../pipelines/data/store/digest-set.ts';
import { findObject, hasObject } from '../../pipelines/data/store/object-table.ts';
import { type PackRecord, readRecords } from '../../pipelines/data/store/pack-index.ts';
import { describeError } from '../../pipelines/describe-error.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { visitObjects } from './collect-objects.ts';
import { loadRemoteTable } from './load-remote-table.ts';
import { localSource } from './local-source.ts';
import { digestOf, digestParts, integrityOfHex, looseName, packName, placeIn } from './object-place.ts';
import { type LocalStore, readSegment, type StoredObject } from './open-local-store.ts';
import { openPackWriter } from './open-pack-writer.ts';
import { openWorkers } from './open-workers.ts';
import { verifyPack } from './verify-pack.ts';
import { withRetries } from './with-retries.ts';

const lanes = 4;
/** Bytes of a pack made for the way. */
const parcel = 32 * 1024 * 1024;

/** `absent` is not in this store, `faults` names what the remote did not take. */
export type Pushed = { bytes: number; objects: number; absent: string[]; faults: string[] };

/** Tells the bytes to be sent once they are known, and then those that were. */
export type Watch = { total(bytes: number): void; passed(bytes: number): void };

/**
 * Sends what the remote does not have. A pack goes as it is when all it holds belongs to the data, for a store may hold
 * data that is not meant for this remote; else what is missing goes in new packs. Bytes are verified before they leave.
 * One object that fails after some tries does not keep the others; what has arrived is not sent again.
 */
export async function pushObjects(
  store: LocalStore,
  remote: ObjectRemote,
  contents: readonly StoredContent[],
  watch: Watch,
): Promise<Pushed> {
  const { table, packs } = await store.packs(true);
  const there = await loadRemoteTable(remote, store.root);
  const isThere = (digest: Uint8Array) => hasObject(there.table, digest);
  const meant = openDigestSet();
  const from = new Set<string>();
  const loose: [string, StoredObject][] = [];
  const absent: string[] = [];
  await visitObjects(await localSource(store), contents, {
    absent: (integrity) => void absent.push(integrity),
    present(integrity, found) {
      const digest = digestOf(integrity);
      meant.add(digest);
      if (digest.length === 64 && isThere(digest)) return;
      if (found.pack === null) loose.push([integrity, found]);
      else from.add(found.pack);
    },
  });
  const pushed: Pushed = { bytes: 0, objects: 0, absent, faults: [] };
  const jobs: { bytes: number; run(): Promise<void> }[] = [];

  const send = async (name: string, source: { file: string; size: number } | Uint8Array) => {
    await withRetries(() => remote.write(name, source));
    const bytes = source instanceof Uint8Array ? source.length : source.size;
    pushed.bytes += bytes;
    watch.passed(bytes);
  };
  const sendPack = async (root: string, name: string) => {
    const file = placeIn(root, packName(name, 'pack'));
    await send(packName(name, 'pack'), { file, size: (await stat(file)).size });
    await send(packName(name, 'idx'), await readFile(placeIn(root, packName(name, 'idx'))));
  };

  await inLanes(loose, lanes, async ([integrity, { file, length }]) => {
    const size = await withRetries(() => remote.size(looseName(integrity)));
    if (size !== null) return;
    jobs.push({
      bytes: length,
      async run() {
        const { algorithm, hex } = digestParts(integrity);
        const bytes = createHash(algorithm)
          .update(await readFile(file))
          .digest('hex');
        if (bytes !== hex) throw new Error(`${integrity} is damaged here: run pulltrain data verify`);
        await send(looseName(integrity), { file, size: length });
        pushed.objects += 1;
      },
    });
  });

  const rest: [string, StoredObject][] = [];
  await using workers = openWorkers({ bytes: from.size * parcel, files: from.size }, () => undefined);
  for (const [number, pack] of packs.entries()) {
    if (!from.has(pack)) continue;
    const records = readRecords(table.indexes[number] ?? new Uint8Array(0), pack);
    // Of what lies in several packs the first is taken.
    const lacking = records.filter(
      ({ digest }) => meant.has(digest) && !isThere(digest) && findObject(table, digest)?.pack === number,
    );
    if (lacking.length === 0) continue;
    if (!isAllMeant(records, meant, lacking)) {
      const file = placeIn(store.root, packName(pack, 'pack'));
      for (const { digest, kind, offset, length } of lacking)
        rest.push([nameOf(digest), { pack, file, kind, offset, length }]);
      continue;
    }
    const objects = lacking.length;
    const run = async () => {
      const damaged = await verifyPack(store.root, pack, workers);
      if (damaged.length > 0) throw new Error(`${damaged[0]} is damaged here: run pulltrain data verify`);
      await sendPack(store.root, pack);
      pushed.objects += objects;
    };
    jobs.push({ bytes: lengthOf(lacking), run });
  }
  for (const parcelled of parcels(rest)) {
    const bytes = parcelled.reduce((sum, [, { length }]) => sum + length, 0);
    const run = async () => {
      const root = join(store.root, 'tmp', `push-${randomUUID()}`);
      try {
        for (const name of await repack(root, parcelled)) await sendPack(root, name);
        pushed.objects += parcelled.length;
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    };
    jobs.push({ bytes, run });
  }

  watch.total(jobs.reduce((sum, { bytes }) => sum + bytes, 0));
  await inLanes(jobs, lanes, async ({ run }) => {
    await run().catch((thrown) => pushed.faults.push(describeError(thrown)));
  });
  return pushed;
}

/** Whether a pack holds nothing but what is to be at the remote, and most of it is not there yet. */
function isAllMeant(records: readonly PackRecord[], meant: DigestSet, lacking: readonly PackRecord[]): boolean {
  const lists = new Set(records.filter(({ kind }) => kind === 'chunks').map(({ offset }) => offset));
  const strange = records.some(
    ({ kind, offset, digest }) => !(kind === 'bytes' && lists.has(offset)) && !meant.has(digest),
  );
  return !strange && lengthOf(lacking) * 2 >= lengthOf(records.filter(({ kind }) => kind === 'bytes'));
}

function lengthOf(records: readonly { length: number }[]): number {
  return records.reduce((sum, { length }) => sum + length, 0);
}

function nameOf(digest: Uint8Array): string {
  return integrityOfHex(Buffer.from(digest).toString('hex'));
}

function* parcels(objects: readonly [string, StoredObject][]): Iterable<[string, StoredObject][]> {
  let current: [string, StoredObject][] = [];
  let bytes = 0;
  for (const one of objects) {
    if (current.length > 0 && bytes + one[1].length > parcel) {
      yield current;
      current = [];
      bytes = 0;
    }
    current.push(one);
    bytes += one[1].length;
  }
  if (current.length > 0) yield current;
}

/** Writes objects to packs of their own, verified. */
async function repack(root: string, objects: readonly [string, StoredObject][]): Promise<string[]> {
  const writer = openPackWriter(root);
  try {
    for (const [integrity, found] of objects) {
      const bytes = await readSegment(found);
      const digest = createHash('sha512').update(bytes).digest();
      const named = digestOf(integrity);
      if (found.kind === 'chunks') writer.addChunkList(named, digest, bytes);
      else if (digest.equals(named)) writer.add(named, bytes);
      else throw new Error(`${integrity} is damaged here: run pulltrain data verify`);
    }
    return writer.seal();
  } finally {
    writer.abandon();
  }
}
