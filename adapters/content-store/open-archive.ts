import { findObject } from '../../pipelines/data/store/object-table.ts';
import type { RecordKind } from '../../pipelines/data/store/pack-index.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import type { ObjectSource } from './collect-objects.ts';
import { loadRemoteTable, type RemoteTable, readAll } from './load-remote-table.ts';
import { digestOf, integrityOfHex, looseName, packName } from './object-place.ts';

/** An object as it lies at a remote: a range of a pack, or an object of its own. */
export type ArchivedObject = { name: string; offset: number; length: number; kind: RecordKind };

/** Everything that lies at a remote, listed once. A store of this machine is one, too. */
export type Archive = ObjectSource<ArchivedObject> & {
  remote: ObjectRemote;
  table: RemoteTable;
  /** Objects of their own, by integrity. */
  loose: ReadonlyMap<string, { size: number; modifiedAt: number }>;
  /** When a pack or its index was written, in milliseconds; now where the remote does not tell. */
  writtenAt(name: string): number;
  /** Packs that have no index. */
  unindexed: readonly string[];
};

/** Lists a remote; indexes of its packs are kept below `root`. `now` is in milliseconds. */
export async function openArchive(remote: ObjectRemote, root: string, now: number): Promise<Archive> {
  const loose = new Map<string, { size: number; modifiedAt: number }>();
  for (const algorithm of ['sha512', 'sha256']) {
    for await (const { name, size, modifiedAt = now } of remote.list(`${algorithm}/`)) {
      const hex = name.slice(algorithm.length + 1).replace('/', '');
      if (/^[0-9a-f]+$/.test(hex) && (hex.length === 128 || hex.length === 64)) {
        loose.set(integrityOfHex(hex), { size, modifiedAt });
      }
    }
  }
  const written = new Map<string, number>();
  for await (const { name, modifiedAt = now } of remote.list('packs/')) written.set(name, modifiedAt);
  const table = await loadRemoteTable(remote, root);
  const known = new Set([...table.packs, ...table.broken]);
  const unindexed = [...written.keys()].flatMap((name) => {
    const pack = /([0-9a-f]{64})\.pack$/.exec(name)?.[1];
    return pack === undefined || known.has(pack) ? [] : [pack];
  });
  return {
    remote,
    table,
    loose,
    unindexed,
    writtenAt: (name) => written.get(name) ?? now,
    async find(integrity) {
      const digest = digestOf(integrity);
      const found = digest.length === 64 ? findObject(table.table, digest) : null;
      if (found !== null) {
        const { offset, length, kind, pack } = found;
        return { name: packName(table.packs[pack] ?? '', 'pack'), offset, length, kind };
      }
      const own = loose.get(integrityOfHex(digest.toString('hex')));
      return own === undefined ? null : { name: looseName(integrity), offset: 0, length: own.size, kind: 'bytes' };
    },
    bytes: ({ name, offset, length }) => readAll(remote.read(name, { start: offset, end: offset + length })),
  };
}
