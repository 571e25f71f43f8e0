import { createHash } from 'node:crypto';
import { type Chunk, formatChunkList } from '../../pipelines/data/store/chunk-list.ts';
import { chunkSizes } from '../../pipelines/data/store/find-cut.ts';
import type { ObjectTable } from '../../pipelines/data/store/object-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { FileToRead, TaskFault, TaskResult } from './object-task.ts';
import type { PackWriter } from './open-pack-writer.ts';
import type { Workers } from './open-workers.ts';

const digestLength = 64;
/** A batch for a thread: so many files or bytes. */
const batch = { files: 512, bytes: 8 * 1024 * 1024 };

/**
 * Packs the bytes of files, small ones whole and large ones in chunks, leaving out what `known` has. Returns the sha512 of
 * each, 64 bytes after 64. Nothing is visible before the workers and the writer are sealed. Throws `files-unreadable`
 * with every file that could not be read or that changed.
 */
export async function addFiles(
  files: readonly FileToRead[],
  { root, known, workers, writer }: { root: string; known: ObjectTable | null; workers: Workers; writer: PackWriter },
): Promise<Uint8Array> {
  const digests = new Uint8Array(files.length * digestLength);
  const faults: { path: string; what: string }[] = [];
  const note = (result: TaskResult, indexes: readonly number[]) => {
    for (const [at, index] of indexes.entries()) {
      digests.set(result.digests.subarray(at * digestLength, (at + 1) * digestLength), index * digestLength);
    }
    for (const one of result.faults) faults.push(describeFault(one, files[indexes[one.index] ?? 0]));
  };
  const pick = (indexes: readonly number[]) => indexes.flatMap((index) => files[index] ?? []);
  const large = [...files.keys()].filter((index) => (files[index]?.size ?? 0) > chunkSizes.max);
  const whole = large.map(async (index) => {
    const [file] = pick([index]);
    if (file === undefined) return;
    const [digest, chunked] = await Promise.all([
      workers.run({ type: 'digest', files: [file] }),
      workers.run({ type: 'chunk', root, file, known }),
    ]);
    note(digest, [index]);
    if (digest.faults.length > 0) return;
    if (chunked.faults.length > 0) {
      note(chunked, [index]);
      return;
    }
    const list = Buffer.from(formatChunkList(chunksOf(chunked)));
    writer.addChunkList(digest.digests, createHash('sha512').update(list).digest(), list);
  });
  const small = batchesOf(files).map(async (indexes) =>
    note(await workers.run({ type: 'pack', root, files: pick(indexes), known }), indexes),
  );
  const settled = await Promise.allSettled([...whole, ...small]);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
  if (faults.length > 0) throw unreadable(faults);
  return digests;
}

/** One error for all files that could not be read, the first of them by name. */
export function unreadable(faults: readonly { path: string; what: string }[]): PulltrainError {
  const shown = faults.slice(0, 10).map(({ path, what }) => `${JSON.stringify(path)}: ${what}`);
  const more = faults.length - shown.length;
  return new PulltrainError('files-unreadable', {
    what: `${faults.length === 1 ? 'a file' : `${faults.length} files`} cannot be kept: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    cure: 'Nothing was added. Mend or remove these, and run the command again.',
  });
}

export function describeFault(fault: TaskFault, file: FileToRead | undefined): { path: string; what: string } {
  const known: Record<string, string> = {
    ECHANGED: 'changed while it was read',
    ESHORT: 'changed while it was read',
    EACCES: 'may not be read',
    EPERM: 'may not be read',
    ENOENT: 'is gone',
  };
  return { path: file?.path ?? '', what: known[fault.code] ?? fault.message };
}

/** Indexes of the small files, in batches. */
function batchesOf(files: readonly FileToRead[]): number[][] {
  const batches: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, { size }] of files.entries()) {
    if (size > chunkSizes.max) continue;
    const last = batches.at(-1);
    if (last === undefined || last.length >= batch.files || bytes + size > batch.bytes) {
      batches.push([index]);
      bytes = size;
    } else {
      last.push(index);
      bytes += size;
    }
  }
  return batches;
}

function chunksOf({ digests, sizes }: TaskResult): Chunk[] {
  const hex = Buffer.from(digests.buffer, digests.byteOffset, digests.length).toString('hex');
  return sizes.map((size, index) => [hex.slice(index * 2 * digestLength, (index + 1) * 2 * digestLength), size]);
}
