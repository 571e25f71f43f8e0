import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { digestParts, integrityOfHex } from './object-place.ts';
import type { Segment } from './object-task.ts';
import { type LocalStore, missing } from './open-local-store.ts';
import { openWorkers } from './open-workers.ts';
import { quarantineLoose } from './put-loose.ts';
import { quarantinePack } from './quarantine-pack.ts';

/** Copies a stored file to `destination` in one step, verified. Throws `content-missing` and `content-corrupt`. */
export async function placeFile(store: LocalStore, integrity: string, destination: string): Promise<void> {
  const segments = await store.segments(integrity);
  if (segments === null) throw missing(integrity, store.root);
  const { hex } = digestParts(integrity);
  const temporary = join(dirname(resolve(destination)), `.pulltrain-${randomUUID()}.tmp`);
  const bytes = segments.reduce((sum, { length }) => sum + length, 0);
  await using workers = openWorkers({ bytes, files: 1 }, () => undefined);
  try {
    await mkdir(dirname(temporary), { recursive: true });
    const placing = { destination: temporary, digest: hex, segments };
    const { faults } = await workers.run({ type: 'place', files: [placing] });
    if (faults.length > 0) throw await moveAway(store, integrity, segments);
    await rename(temporary, destination);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Moves the damaged one of the objects behind a file to the quarantine, and says so. */
export async function moveAway(
  store: LocalStore,
  integrity: string,
  segments: readonly Segment[],
): Promise<PulltrainError> {
  const damaged: string[] = [];
  for (const file of new Set(segments.map((segment) => segment.file))) {
    const pack = /([0-9a-f]{64})\.pack$/.exec(file)?.[1];
    if (pack === undefined) {
      await quarantineLoose(store.root, integrity);
      damaged.push(integrityOfHex(digestParts(integrity).hex));
    } else damaged.push(...(await quarantinePack(store.root, pack)));
  }
  await store.packs(true);
  return new PulltrainError('content-corrupt', {
    what: `the stored bytes of ${integrity} are damaged and were moved to ${join(store.root, 'quarantine')}`,
    where: store.root,
    seen: `damaged: ${damaged.join(', ') || 'its list of chunks'}`,
    cure: 'Bring them again (pulltrain data pull), or put the data there again (pulltrain data add).',
  });
}
