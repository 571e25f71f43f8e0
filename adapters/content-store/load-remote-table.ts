import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { type PackTable, tableOf } from './load-pack-table.ts';
import { packName, placeIn } from './object-place.ts';
import { withRetries } from './with-retries.ts';

const lanes = 8;

/** What lies in the packs of a remote. `broken` names those whose index is not what its name says. */
export type RemoteTable = PackTable & { broken: string[] };

/**
 * Lists the packs of a remote and reads their indexes. An index never changes, so those read before are taken from
 * `<root>/indexes`. A pack counts when it and its index are both there.
 */
export async function loadRemoteTable(remote: ObjectRemote, root: string): Promise<RemoteTable> {
  const seen = { pack: new Set<string>(), idx: new Set<string>() };
  for await (const { name } of remote.list('packs/')) {
    const [, pack = '', ending] = /([0-9a-f]{64})\.(pack|idx)$/.exec(name) ?? [];
    if (ending === 'pack' || ending === 'idx') seen[ending].add(pack);
  }
  const names = [...seen.idx].filter((name) => seen.pack.has(name)).sort();
  const indexes = new Map<string, Uint8Array>();
  const broken: string[] = [];
  await inLanes(names, lanes, async (name) => {
    const bytes = await readIndex(remote, root, name);
    if (bytes === null) broken.push(name);
    else indexes.set(name, bytes);
  });
  const sound = names.filter((name) => indexes.has(name));
  return {
    ...tableOf(
      sound,
      sound.flatMap((name) => indexes.get(name) ?? []),
    ),
    broken,
  };
}

async function readIndex(remote: ObjectRemote, root: string, name: string): Promise<Uint8Array | null> {
  const place = placeIn(root, packName(name, 'idx').replace('packs/', 'indexes/'));
  const isSound = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') === name;
  const here = await readFile(place).catch(() => null);
  if (here !== null && isSound(here)) return here;
  const bytes = await withRetries(() => readAll(remote.read(packName(name, 'idx'))));
  if (!isSound(bytes)) return null;
  const temporary = `${place}.${randomUUID()}.tmp`;
  await mkdir(dirname(place), { recursive: true });
  await writeFile(temporary, bytes);
  await rename(temporary, place);
  return bytes;
}

export async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}
