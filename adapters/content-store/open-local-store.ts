import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Chunk, parseChunkList } from '../../pipelines/data/store/chunk-list.ts';
import { chunkSizes } from '../../pipelines/data/store/find-cut.ts';
import { findObject, hasObject } from '../../pipelines/data/store/object-table.ts';
import type { RecordKind } from '../../pipelines/data/store/pack-index.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import { addFiles } from './add-files.ts';
import { listPacks, loadPackTable, type PackTable } from './load-pack-table.ts';
import { digestOf, digestParts, integrityOfHex, looseName, packName, placeIn } from './object-place.ts';
import type { FileList, FileToRead, Segment } from './object-task.ts';
import { openPackWriter } from './open-pack-writer.ts';
import { openWorkers } from './open-workers.ts';
import { placeFile } from './place-file.ts';
import { placeTree } from './place-tree.ts';
import { putLoose } from './put-loose.ts';
import { storeTree } from './store-tree.ts';
import { syncFolder } from './sync-folder.ts';

/** An object in a store: a range of a pack, or a file of its own. */
export type StoredObject = Segment & { pack: string | null; kind: RecordKind };

/** A store in a directory of this machine: packs, and objects with a file of their own. */
export type LocalStore = ContentStore & {
  readonly root: string;
  /** What lies in the packs, as it was at the last look; `again` looks anew. */
  packs(again?: boolean): Promise<PackTable>;
  /** Where an object lies, or null. A file in chunks is the object of its list of chunks. `again` looks for new packs. */
  find(integrity: string, again?: boolean): Promise<StoredObject | null>;
  /** Where the bytes of a file lie in order, or null when it is not there. Throws `content-missing` when a chunk is not. */
  segments(integrity: string): Promise<Segment[] | null>;
  /** Bytes of an object of some MiB at most, such as a tree, verified; null when it is not there. */
  read(integrity: string): Promise<Buffer | null>;
  /** Stores files, and objects that are no files, at one go; returns 64 bytes of sha512 for each file. */
  add(
    files: FileList,
    objects: (digests: Uint8Array, keep: (object: { integrity: string; text: string }) => void) => void,
    report?: (bytes: number) => void,
  ): Promise<Uint8Array>;
};

/**
 * Opens the store below `root`; nothing is made before something is stored. What is written becomes visible at once and
 * whole, after it is on the disk; what is read is verified, and bytes that do not match their name are moved to
 * `<root>/quarantine` and count as missing from then on. Files of any size pass through in small pieces.
 *
 * Throws `content-missing`, `content-corrupt`, `integrity-invalid`, `disk-full`, and `store-failed`.
 */
export function openLocalStore(directory: string): LocalStore {
  const root = resolve(directory);
  let loaded: PackTable | null = null;
  const packFiles = new Map<string, string>();

  async function packs(again = false): Promise<PackTable> {
    if (loaded === null || (again && !sameNames(loaded.packs, await listPacks(root))))
      loaded = await loadPackTable(root);
    return loaded;
  }

  function findIn({ table, packs: names }: PackTable, digest: Uint8Array): StoredObject | null {
    const found = digest.length === 64 ? findObject(table, digest) : null;
    if (found === null) return null;
    const pack = names[found.pack] ?? '';
    // One text for all objects of a pack: there are many.
    const file = packFiles.get(pack) ?? placeIn(root, packName(pack, 'pack'));
    packFiles.set(pack, file);
    return { pack, file, ...pickPlace(found), kind: found.kind };
  }

  async function find(integrity: string, again = true): Promise<StoredObject | null> {
    const digest = digestOf(integrity);
    const packed = findIn(await packs(), digest);
    if (packed !== null) return packed;
    const file = placeIn(root, looseName(integrity));
    const size = await sizeOf(file);
    if (size !== null) return { pack: null, file, offset: 0, length: size, kind: 'bytes' };
    // Another process may have written it since the last look.
    return again ? findIn(await packs(true), digest) : null;
  }

  async function segments(integrity: string): Promise<Segment[] | null> {
    const found = await find(integrity);
    return found === null ? null : unfold(found, integrity);
  }

  /** The chunks behind a list of chunks, and anything else as it is. */
  async function unfold(found: StoredObject, integrity: string): Promise<Segment[]> {
    if (found.kind === 'bytes') return [found];
    const chunks = await readChunkList(found);
    if (chunks === null) throw corrupt(integrity, root, 'its list of chunks is damaged');
    const table = await packs();
    return Promise.all(
      chunks.map(async ([digest, length]) => {
        const chunk = findIn(table, Buffer.from(digest, 'hex')) ?? (await find(integrityOfHex(digest)));
        if (chunk === null || chunk.length !== length) throw missing(integrityOfHex(digest), root);
        return { file: chunk.file, offset: chunk.offset, length };
      }),
    );
  }

  const store: LocalStore = {
    root,
    packs,
    find,
    segments,

    async has(integrity) {
      return (await store.size(integrity)) !== null;
    },

    async size(integrity) {
      const found = await segments(integrity).catch((thrown) => {
        if (thrown instanceof PulltrainError && thrown.code === 'content-missing') return null;
        throw thrown;
      });
      return found === null ? null : found.reduce((sum, { length }) => sum + length, 0);
    },

    async read(integrity) {
      const [place, ...others] = (await segments(integrity)) ?? [];
      if (place === undefined || others.length > 0) return null;
      const bytes = await readSegment(place);
      const { algorithm, hex } = digestParts(integrity);
      if (createHash(algorithm).update(bytes).digest('hex') === hex) return bytes;
      throw corrupt(integrity, root, `the damage is in ${place.file}`);
    },

    get: (integrity, destination) => placeFile(store, integrity, destination),
    getTree: (integrity, destination) => placeTree(store, integrity, destination),
    putTree: (folder) => storeTree(store, folder),

    async put(file) {
      const found = await stat(file).catch((cause) => {
        throw new PulltrainError('store-failed', { what: `could not read ${file}`, where: root, cause });
      });
      if (found.size <= chunkSizes.max) return putLoose(root, file);
      const digest = await store.add(listOf([{ path: resolve(file), size: found.size }]), () => undefined);
      return { integrity: integrityOfHex(Buffer.from(digest).toString('hex')), size: found.size };
    },

    async add(files, objects, report = () => undefined) {
      const { table } = await packs(true);
      let bytes = 0;
      for (let index = 0; index < files.count; index += 1) bytes += files.at(index).size;
      const writer = openPackWriter(root);
      try {
        await using workers = openWorkers({ bytes, files: files.count }, report);
        const digests = await addFiles(files, { root, known: table, workers, writer });
        const sealed = await workers.seal();
        objects(digests, ({ integrity, text }) => {
          const digest = digestOf(integrity);
          if (!hasObject(table, digest)) writer.add(digest, Buffer.from(text));
        });
        sealed.push(...writer.seal());
        await Promise.all(foldersOf(root, sealed).map(syncFolder));
        return digests;
      } catch (thrown) {
        writer.abandon();
        throw thrown;
      }
    },
  };
  return store;
}

export function listOf(files: readonly FileToRead[]): FileList {
  return { count: files.length, at: (index) => files[index] ?? { path: '', size: 0 } };
}

export function missing(integrity: string, root: string): PulltrainError {
  return new PulltrainError('content-missing', {
    what: `the store has no ${integrity}`,
    where: root,
    cure: 'Bring it (pulltrain data pull), put it there again (pulltrain data add), or name another store.',
  });
}

function corrupt(integrity: string, root: string, what: string): PulltrainError {
  return new PulltrainError('content-corrupt', {
    what: `the stored bytes of ${integrity} are damaged: ${what}`,
    where: root,
    cure: 'Run pulltrain data verify, which moves them away, and then pulltrain data pull.',
  });
}

/** The chunks behind an object of kind `chunks`; null when its bytes are no list. */
export async function readChunkList(found: StoredObject): Promise<readonly Chunk[] | null> {
  return parseChunkList((await readSegment(found)).toString());
}

function pickPlace({ offset, length }: { offset: number; length: number }) {
  return { offset, length };
}

export async function readSegment({ file, offset, length }: Segment): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function sizeOf(place: string): Promise<number | null> {
  try {
    const found = await stat(place);
    return found.isFile() ? found.size : null;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new PulltrainError('store-failed', { what: 'the store cannot be read', where: place, cause });
  }
}

/** Folders whose new names have to reach the disk, up to the root. */
function foldersOf(root: string, packNames: readonly string[]): string[] {
  const folders = packNames.map((name) => dirname(placeIn(root, packName(name, 'pack'))));
  return packNames.length === 0 ? [] : [...new Set([...folders, placeIn(root, 'packs'), root])];
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
