import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openDigestSet } from '../../pipelines/data/store/digest-set.ts';
import { openPackIndex } from '../../pipelines/data/store/pack-index.ts';
import { packName, placeIn } from './object-place.ts';

/** Bytes after which a pack is closed; also the most that an interrupted transfer has to send again. */
const fullPack = 32 * 1024 * 1024;
const bufferSize = 2 * 1024 * 1024;

export type PackWriter = {
  /** Appends an object unless this writer has it already. */
  add(digest: Uint8Array, bytes: Uint8Array): void;
  /** Appends the list of chunks of a file, under its own digest and under that of the file. */
  addChunkList(file: Uint8Array, digest: Uint8Array, bytes: Uint8Array): void;
  /** Makes what was appended visible and returns the names of all packs written; nothing is left open. */
  seal(): string[];
  /** Forgets what was not sealed. */
  abandon(): void;
};

/**
 * Appends objects to packs below `root`. A pack gets its name only when its bytes are on the disk, and its index, by
 * which alone it is found, after it; the name is the sha256 of the index, so equal packs have one name. Synchronous,
 * because it runs in worker threads.
 */
export function openPackWriter(root: string): PackWriter {
  const buffer = Buffer.allocUnsafe(bufferSize);
  const seen = openDigestSet();
  const names: string[] = [];
  let file: { descriptor: number; path: string } | null = null;
  let index = openPackIndex();
  let held = 0;
  let size = 0;

  function append(bytes: Uint8Array): number {
    const offset = size;
    if (bytes.length > bufferSize - held) flush();
    if (bytes.length > bufferSize) writeWhole(bytes);
    else {
      buffer.set(bytes, held);
      held += bytes.length;
    }
    size += bytes.length;
    return offset;
  }

  function flush(): void {
    if (held > 0) writeWhole(buffer.subarray(0, held));
    held = 0;
  }

  function writeWhole(bytes: Uint8Array): void {
    file ??= openTemporary(root);
    for (let done = 0; done < bytes.length; ) done += writeSync(file.descriptor, bytes, done);
  }

  function sealOne(): void {
    if (index.count === 0) return;
    flush();
    const pack = file ?? openTemporary(root);
    file = pack;
    fdatasyncSync(pack.descriptor);
    closeSync(pack.descriptor);
    const bytes = index.encode(size);
    const name = createHash('sha256').update(bytes).digest('hex');
    const beside = writeSynced(root, bytes);
    const place = placeIn(root, packName(name, 'pack'));
    mkdirSync(dirname(place), { recursive: true });
    renameSync(pack.path, place);
    renameSync(beside, placeIn(root, packName(name, 'idx')));
    names.push(name);
    file = null;
    index = openPackIndex();
    size = 0;
  }

  return {
    add(digest, bytes) {
      if (!seen.add(digest)) return;
      index.add({ digest, kind: 'bytes', offset: append(bytes), length: bytes.length });
      if (size >= fullPack) sealOne();
    },
    addChunkList(whole, digest, bytes) {
      const offset = append(bytes);
      index.add({ digest, kind: 'bytes', offset, length: bytes.length });
      index.add({ digest: whole, kind: 'chunks', offset, length: bytes.length });
      if (size >= fullPack) sealOne();
    },
    seal() {
      sealOne();
      seen.clear();
      return names.splice(0);
    },
    abandon() {
      if (file !== null) {
        closeSync(file.descriptor);
        rmSync(file.path, { force: true });
      }
      file = null;
      index = openPackIndex();
      held = 0;
      size = 0;
      seen.clear();
    },
  };
}

function openTemporary(root: string): { descriptor: number; path: string } {
  const path = join(root, 'tmp', `${randomUUID()}.tmp`);
  mkdirSync(dirname(path), { recursive: true });
  return { descriptor: openSync(path, 'wx'), path };
}

function writeSynced(root: string, bytes: Uint8Array): string {
  const { descriptor, path } = openTemporary(root);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fdatasyncSync(descriptor);
  } catch (thrown) {
    rmSync(path, { force: true });
    throw thrown;
  } finally {
    closeSync(descriptor);
  }
  return path;
}
