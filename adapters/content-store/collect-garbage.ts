import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type PackRecord, readRecords } from '../../pipelines/data/store/pack-index.ts';
import { type Collection, type Holding, planCollection } from '../../pipelines/data/store/plan-collection.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import { collectObjects } from './collect-objects.ts';
import { digestParts, integrityOfHex, looseName, packName, placeIn } from './object-place.ts';
import type { Archive } from './open-archive.ts';
import { openPackWriter } from './open-pack-writer.ts';

export type GarbageReport = { freed: number; kept: number; removed: number; rewritten: number; tooYoung: number };

/**
 * Removes from an archive what none of `living` needs and what is older than `grace` seconds; with `dryRun` only tells.
 * What of a pack is still needed is written anew before the pack goes, so that a crash leaves too much and never too
 * little. Data that is not here at all, such as that of other branches, is no fault.
 */
export async function collectGarbage(
  archive: Archive,
  living: readonly StoredContent[],
  { grace, dryRun, now, scratch }: { grace: number; dryRun: boolean; now: number; scratch: string },
): Promise<GarbageReport> {
  const present = await collectObjects(archive, living);
  const alive = new Set([...present].map((integrity) => digestParts(integrity).hex));
  const age = (name: string) => (now - archive.writtenAt(name)) / 1000;

  const packs = archive.table.packs.map((name, index): Holding => {
    const records = recordsOf(archive, index);
    const bytes = records.reduce((sum, { kind, length }) => sum + (kind === 'bytes' ? length : 0), 0);
    const livingBytes = livingOf(records, alive).reduce((sum, { length }) => sum + length, 0);
    return { name, bytes, livingBytes, ageSeconds: age(packName(name, 'idx')) };
  });
  const loose = [...archive.loose].map(([integrity, { size, modifiedAt }]): Holding => {
    const isAlive = alive.has(digestParts(integrity).hex);
    return {
      name: looseName(integrity),
      bytes: size,
      livingBytes: isAlive ? size : 0,
      ageSeconds: (now - modifiedAt) / 1000,
    };
  });
  // An empty object has no bytes that could be alive.
  const empty = loose.filter(({ bytes, name }) => bytes === 0 && alive.has(name.slice(7).replace('/', '')));
  const plan = planCollection([...packs, ...loose.filter((one) => !empty.includes(one))], grace);
  const report = reportOf(plan, [...packs, ...loose]);
  if (dryRun) return report;

  for (const { name } of plan.rewrite) await rewritePack(archive, name, alive, scratch);
  for (const { name } of plan.remove) {
    if (name.includes('/')) await archive.remote.remove(name);
    else await removePack(archive, name);
  }
  for (const name of archive.unindexed) {
    if (age(packName(name, 'pack')) >= grace) await archive.remote.remove(packName(name, 'pack'));
  }
  return report;
}

function reportOf({ remove, rewrite, tooYoung }: Collection, all: readonly Holding[]): GarbageReport {
  const sum = (holdings: readonly Holding[], of: (one: Holding) => number) =>
    holdings.reduce((total, one) => total + of(one), 0);
  const garbage = (one: Holding) => one.bytes - one.livingBytes;
  const freed = sum(remove, garbage) + sum(rewrite, garbage);
  return {
    freed,
    kept: sum(all, ({ bytes }) => bytes) - freed,
    removed: remove.length,
    rewritten: rewrite.length,
    tooYoung: sum(tooYoung, garbage),
  };
}

function recordsOf({ table }: Archive, index: number): PackRecord[] {
  const bytes = table.table.indexes[index];
  return bytes === undefined ? [] : readRecords(bytes, table.packs[index] ?? '');
}

/** Records of bytes that are needed: by their own digest, or as the list of chunks of a file that is. */
function livingOf(
  records: readonly PackRecord[],
  alive: ReadonlySet<string>,
): (PackRecord & { file: Uint8Array | null })[] {
  const files = new Map<number, Uint8Array>();
  for (const { kind, offset, digest } of records) if (kind === 'chunks') files.set(offset, digest);
  return records.flatMap((record) => {
    if (record.kind === 'chunks') return [];
    const file = files.get(record.offset) ?? null;
    // A list of chunks is needed by the file that it makes, whose name is the one that trees know.
    const isAlive = alive.has(hexOf(record.digest)) || (file !== null && alive.has(hexOf(file)));
    return isAlive ? [{ ...record, file }] : [];
  });
}

/** Writes what is needed of a pack to new ones, verified, and removes it. One with damage in that stays as it is. */
export async function rewritePack(
  archive: Archive,
  name: string,
  alive: ReadonlySet<string>,
  scratch: string,
): Promise<void> {
  const { remote, table } = archive;
  const root = join(scratch, `gc-${randomUUID()}`);
  const writer = openPackWriter(root);
  try {
    for (const { digest, offset, length, file } of livingOf(recordsOf(archive, table.packs.indexOf(name)), alive)) {
      const bytes = await archive.bytes({ name: packName(name, 'pack'), offset, length, kind: 'bytes' });
      if (!createHash('sha512').update(bytes).digest().equals(digest)) {
        throw new PulltrainError('content-corrupt', {
          what: `${integrityOfHex(hexOf(digest))} is damaged, and its pack was left as it is`,
          where: remote.address,
          cure: 'Run pulltrain data verify.',
        });
      }
      if (file === null) writer.add(digest, bytes);
      else writer.addChunkList(file, digest, bytes);
    }
    for (const fresh of writer.seal()) {
      const file = placeIn(root, packName(fresh, 'pack'));
      await remote.write(packName(fresh, 'pack'), { file, size: (await stat(file)).size });
      await remote.write(packName(fresh, 'idx'), await readFile(placeIn(root, packName(fresh, 'idx'))));
    }
    await removePack(archive, name);
  } finally {
    writer.abandon();
    await rm(root, { recursive: true, force: true });
  }
}

/** The index goes first: from then on nobody looks for the pack. */
async function removePack({ remote }: Archive, name: string): Promise<void> {
  await remote.remove(packName(name, 'idx'));
  await remote.remove(packName(name, 'pack'));
}

/** Removes what writers that were killed left behind `grace` seconds ago or earlier; returns the bytes. */
export async function removeLeftovers(root: string, grace: number, now: number): Promise<number> {
  const folder = join(root, 'tmp');
  let freed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found === null || (now - found.mtimeMs) / 1000 < grace) continue;
    freed += found.size;
    await rm(join(folder, name), { recursive: true, force: true });
  }
  return freed;
}

function hexOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('hex');
}
