import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore, StoredContent } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { fetchObjects } from './fetch-objects.ts';
import { loadRemoteTable } from './load-remote-table.ts';
import { looseName } from './object-place.ts';
import { missing, openLocalStore } from './open-local-store.ts';
import { pushObjects } from './push-objects.ts';
import { sizeOfPacked } from './size-of-packed.ts';

const unwatched = { total: () => undefined, passed: () => undefined };

/** A content store whose bytes lie at a remote; what is read and written passes through a local store below `folder`. */
export function openRemoteStore(remote: ObjectRemote, folder: string): ContentStore {
  const local = openLocalStore(join(folder, createHash('sha256').update(remote.address).digest('hex').slice(0, 16)));

  async function bring(content: StoredContent): Promise<void> {
    const { absent, faults } = await fetchObjects(local, remote, [content], unwatched);
    if (faults.length > 0) {
      throw new PulltrainError('remote-failed', { what: faults.slice(0, 5).join('; '), where: remote.address });
    }
    if (absent.length > 0) throw missing(absent[0] ?? content.integrity, remote.address);
  }

  async function send(content: StoredContent): Promise<void> {
    const { faults } = await pushObjects(local, remote, [content], unwatched);
    if (faults.length === 0) return;
    throw new PulltrainError('remote-failed', { what: faults.slice(0, 5).join('; '), where: remote.address });
  }

  return {
    has: async (integrity) => (await sizeAt(integrity)) !== null,
    size: (integrity) => sizeAt(integrity),
    async get(integrity, destination) {
      await bring({ type: 'file', integrity });
      await local.get(integrity, destination);
    },
    async put(file) {
      const stored = await local.put(file);
      await send({ type: 'file', integrity: stored.integrity });
      return stored;
    },
    async getTree(integrity, destination) {
      await bring({ type: 'directory', integrity });
      await local.getTree(integrity, destination);
    },
    async putTree(directory) {
      const stored = await local.putTree(directory);
      await send({ type: 'directory', integrity: stored.integrity });
      return stored;
    },
  };

  /** Bytes of a file; asks for no more of it than the list of its chunks. */
  async function sizeAt(integrity: string): Promise<number | null> {
    const here = await local.size(integrity);
    if (here !== null) return here;
    return (await remote.size(looseName(integrity))) ?? (await sizeInPacks(integrity));
  }

  async function sizeInPacks(integrity: string): Promise<number | null> {
    return sizeOfPacked(remote, await loadRemoteTable(remote, local.root), integrity);
  }
}
