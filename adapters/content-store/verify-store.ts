import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readRecords } from '../../pipelines/data/store/pack-index.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { digestParts, integrityOfHex, looseName, packName, placeIn } from './object-place.ts';
import type { Segment } from './object-task.ts';
import type { Archive } from './open-archive.ts';
import { openWorkers } from './open-workers.ts';

/** What was read again, and the integrities of what is not what its name says; `packs` and `loose` say where it lies. */
export type Verified = { objects: number; bytes: number; damaged: string[]; packs: string[]; loose: string[] };

type Piece = { integrity: string; name: string; pack: string | null; offset: number; length: number };

/** Reads everything in an archive again. Files of this machine (`root`) are read on every core. */
export async function verifyStore(
  archive: Archive,
  root: string | null,
  report: (bytes: number) => void,
): Promise<Verified> {
  const pieces = piecesOf(archive);
  const damaged = root === null ? await readRemotely(archive, pieces, report) : await readHere(pieces, root, report);
  return {
    objects: pieces.length,
    bytes: pieces.reduce((sum, { length }) => sum + length, 0),
    damaged: damaged.map(({ integrity }) => integrity),
    packs: [...new Set([...damaged.flatMap(({ pack }) => pack ?? []), ...archive.table.broken])],
    loose: damaged.filter(({ pack }) => pack === null).map(({ integrity }) => integrity),
  };
}

function piecesOf({ table, loose }: Archive): Piece[] {
  const packed = table.packs.flatMap((pack, index) =>
    readRecords(table.table.indexes[index] ?? new Uint8Array(0), pack).flatMap(({ kind, digest, offset, length }) => {
      const integrity = integrityOfHex(Buffer.from(digest).toString('hex'));
      return kind === 'chunks' ? [] : [{ integrity, name: packName(pack, 'pack'), pack, offset, length }];
    }),
  );
  const own = [...loose].map(([integrity, { size }]) => ({
    integrity,
    name: looseName(integrity),
    pack: null,
    offset: 0,
    length: size,
  }));
  return [...packed, ...own];
}

async function readHere(pieces: readonly Piece[], root: string, report: (bytes: number) => void): Promise<Piece[]> {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  await using workers = openWorkers({ bytes, files: pieces.length }, report);
  const damaged: Piece[] = [];
  const tasks: Promise<void>[] = [];
  for (let start = 0; start < pieces.length; start += 256) {
    const some = pieces.slice(start, start + 256);
    const segments = some.map(({ name, offset, length }): Segment => ({ file: placeIn(root, name), offset, length }));
    tasks.push(
      workers.run({ type: 'verify', segments }).then(async ({ digests }) => {
        for (const [index, piece] of some.entries()) {
          const found = Buffer.from(digests.subarray(index * 64, (index + 1) * 64)).toString('hex');
          const { algorithm, hex } = digestParts(piece.integrity);
          const isSame = algorithm === 'sha512' ? found === hex : await isSame256(placeIn(root, piece.name), hex);
          if (!isSame) damaged.push(piece);
        }
      }),
    );
  }
  for (const one of await Promise.allSettled(tasks)) if (one.status === 'rejected') throw one.reason;
  return damaged;
}

async function isSame256(file: string, hex: string): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex') === hex;
}

/** Reads each pack once from its begin to its end, and objects of their own one by one. */
async function readRemotely(
  { remote }: Archive,
  pieces: readonly Piece[],
  report: (bytes: number) => void,
): Promise<Piece[]> {
  const byName = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const others = byName.get(piece.name);
    if (others === undefined) byName.set(piece.name, [piece]);
    else others.push(piece);
  }
  const damaged: Piece[] = [];
  await inLanes(byName, 4, async ([name, within]) => {
    const ordered = within.sort((left, right) => left.offset - right.offset);
    let at = 0;
    let next = 0;
    let hash = createHash(digestParts(ordered[0]?.integrity ?? '').algorithm);
    const close = () => {
      for (let piece = ordered[next]; piece !== undefined && at >= piece.offset + piece.length; piece = ordered[next]) {
        if (hash.digest('hex') !== digestParts(piece.integrity).hex) damaged.push(piece);
        next += 1;
        const following = ordered[next];
        if (following !== undefined) hash = createHash(digestParts(following.integrity).algorithm);
      }
    };
    close();
    for await (const bytes of remote.read(name)) {
      report(bytes.length);
      for (let from = 0; from < bytes.length; ) {
        const piece = ordered[next];
        if (piece === undefined) break;
        const take = Math.min(bytes.length - from, piece.offset + piece.length - at);
        hash.update(bytes.subarray(from, from + take));
        from += take;
        at += take;
        close();
      }
    }
    damaged.push(...ordered.slice(next));
  });
  return damaged;
}
