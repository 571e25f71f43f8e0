import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasObject } from '../../pipelines/data/store/object-table.ts';
import { readRecords } from '../../pipelines/data/store/pack-index.ts';
import { describeError } from '../../pipelines/describe-error.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { collectObjects } from './collect-objects.ts';
import { loadRemoteTable } from './load-remote-table.ts';
import { localSource } from './local-source.ts';
import { digestParts, integrityOfHex, looseName, packName, placeIn } from './object-place.ts';
import { type LocalStore, readSegment, type StoredObject } from './open-local-store.ts';
import { openPackWriter } from './open-pack-writer.ts';
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
  await store.packs(true);
  const { present, absent } = await collectObjects(localSource(store), contents);
  const there = await loadRemoteTable(remote, store.root);
  const isThere = (integrity: string) => {
    const { hex } = digestParts(integrity);
    return hex.length === 128 && hasObject(there.table, Buffer.from(hex, 'hex'));
  };
  const lacking = new Map([...present].filter(([integrity]) => !isThere(integrity)));
  const pushed: Pushed = { bytes: 0, objects: 0, absent: [...absent], faults: [] };
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

  const loose = [...lacking].filter(([, { pack }]) => pack === null);
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
  for (const [pack, objects] of byPack(lacking)) {
    if (await isAllMeant(store.root, pack, present, objects)) {
      const bytes = objects.reduce((sum, [, { length }]) => sum + length, 0);
      const run = async () => {
        const damaged = await verifyPack(store.root, pack);
        if (damaged.length > 0) throw new Error(`${damaged[0]} is damaged here: run pulltrain data verify`);
        await sendPack(store.root, pack);
        pushed.objects += objects.length;
      };
      jobs.push({ bytes, run });
    } else rest.push(...objects);
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

function byPack(objects: ReadonlyMap<string, StoredObject>): Map<string, [string, StoredObject][]> {
  const packs = new Map<string, [string, StoredObject][]>();
  for (const one of objects) {
    const { pack } = one[1];
    if (pack === null) continue;
    const others = packs.get(pack);
    if (others === undefined) packs.set(pack, [one]);
    else others.push(one);
  }
  return packs;
}

/** Whether a pack holds nothing but what is to be at the remote, and most of it is not there yet. */
async function isAllMeant(
  root: string,
  pack: string,
  meant: ReadonlyMap<string, StoredObject>,
  lacking: readonly [string, StoredObject][],
): Promise<boolean> {
  const file = placeIn(root, packName(pack, 'idx'));
  const records = readRecords(await readFile(file), file);
  const lists = new Set(records.filter(({ kind }) => kind === 'chunks').map(({ offset }) => offset));
  const strange = records.some(({ kind, offset, digest }) => {
    if (kind === 'bytes' && lists.has(offset)) return false;
    return !meant.has(integrityOfHex(Buffer.from(digest).toString('hex')));
  });
  const whole = records.reduce((sum, { kind, length }) => sum + (kind === 'bytes' ? length : 0), 0);
  return !strange && lacking.reduce((sum, [, { length }]) => sum + length, 0) * 2 >= whole;
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
      const named = Buffer.from(digestParts(integrity).hex, 'hex');
      if (found.kind === 'chunks') writer.addChunkList(named, digest, bytes);
      else if (digest.equals(named)) writer.add(named, bytes);
      else throw new Error(`${integrity} is damaged here: run pulltrain data verify`);
    }
    return writer.seal();
  } finally {
    writer.abandon();
  }
}
