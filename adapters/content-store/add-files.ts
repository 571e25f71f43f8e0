import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type Chunk, formatChunkList } from '../../pipelines/data/store/chunk-list.ts';
import { chunkSizes } from '../../pipelines/data/store/find-cut.ts';
import type { ObjectTable } from '../../pipelines/data/store/object-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import type { FileList, FileToRead, TaskFault, TaskResult } from './object-task.ts';
import type { PackWriter } from './open-pack-writer.ts';
import type { Workers } from './open-workers.ts';

const digestLength = 64;
/** A batch for a thread: so many files or bytes. */
const batch = { files: 512, bytes: 8 * 1024 * 1024 };
/** Tasks prepared at once: every thread has its next one. */
const lanes = 2 * availableParallelism();
/** Steps of a large file that may be under way. */
const ahead = 4 * lanes;

/**
 * Packs the bytes of files, small ones whole and large ones in chunks, leaving out what `known` has. Returns the sha512 of
 * each, 64 bytes after 64. Nothing is visible before the workers and the writer are sealed. Throws `files-unreadable`
 * with every file that could not be read or that changed.
 */
export async function addFiles(
  files: FileList,
  { root, known, workers, writer }: { root: string; known: ObjectTable | null; workers: Workers; writer: PackWriter },
): Promise<Uint8Array> {
  const digests = new Uint8Array(files.count * digestLength);
  const faults: { path: string; what: string }[] = [];
  await inLanes(batchesOf(files), lanes, async (indexes) => {
    const some = indexes.map((index) => files.at(index));
    const [only] = some;
    const isLarge = only !== undefined && only.size > chunkSizes.max;
    const result = isLarge
      ? await addLarge(only, { root, known, workers, writer })
      : await workers.run({ type: 'pack', root, files: some, known });
    for (const [at, index] of indexes.entries()) {
      digests.set(result.digests.subarray(at * digestLength, (at + 1) * digestLength), index * digestLength);
    }
    for (const one of result.faults) faults.push(describeFault(one, some[one.index]));
  });
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

/** Indexes of files: each large one alone, as the work of several threads, and small ones in batches. */
function* batchesOf(files: FileList): Iterable<number[]> {
  let small: number[] = [];
  let bytes = 0;
  for (let index = 0; index < files.count; index += 1) {
    const { size } = files.at(index);
    if (size > chunkSizes.max) {
      yield [index];
      continue;
    }
    if (small.length >= batch.files || bytes + size > batch.bytes) {
      yield small;
      small = [];
      bytes = 0;
    }
    small.push(index);
    bytes += size;
  }
  if (small.length > 0) yield small;
}

/**
 * One thread digests the file from its begin to its end while others find its chunks, digest and pack them a little behind
 * or before it, so that its bytes are read from the disk once.
 */
async function addLarge(
  file: FileToRead,
  { root, known, workers, writer }: { root: string; known: ObjectTable | null; workers: Workers; writer: PackWriter },
): Promise<TaskResult> {
  const along = workers.choose();
  const opened = await along({ type: 'begin', file });
  if (opened.faults.length > 0) return opened;
  const parts: { sizes: readonly number[]; digests: Uint8Array }[] = [];
  const faulty: TaskResult[] = [];
  const broken: unknown[] = [];
  const under: Promise<TaskResult | null>[] = [];
  /** The answer to a step, or null when it went wrong: then no other begins, and those under way are waited for. */
  const step = async (work: Promise<TaskResult>): Promise<TaskResult | null> => {
    try {
      const result = await work;
      if (result.faults.length === 0) return result;
      faulty.push(result);
    } catch (thrown) {
      broken.push(thrown);
    }
    return null;
  };
  for (let from = 0; from < file.size; ) {
    const sizes = (await step(workers.run({ type: 'cut', file, from })))?.sizes ?? [];
    if (faulty.length > 0 || broken.length > 0) break;
    const part: (typeof parts)[number] = { sizes, digests: new Uint8Array(0) };
    parts.push(part);
    under.push(
      step(workers.run({ type: 'chunk', root, file, from, sizes, known })).then((result) => {
        part.digests = result?.digests ?? part.digests;
        return result;
      }),
    );
    from += sizes.reduce((sum, size) => sum + size, 0);
    under.push(step(along({ type: 'continue', file, to: from })));
    while (under.length > ahead) await under.shift();
  }
  await Promise.all(under);
  const whole = await step(along({ type: 'end', file }));
  if (broken.length > 0) throw broken[0];
  const [fault] = faulty;
  if (fault !== undefined || whole === null) return fault ?? opened;
  const list = Buffer.from(formatChunkList(parts.flatMap(({ sizes, digests }) => chunksOf(digests, sizes))));
  writer.addChunkList(whole.digests, createHash('sha512').update(list).digest(), list);
  return whole;
}

function chunksOf(digests: Uint8Array, sizes: readonly number[]): Chunk[] {
  const hex = Buffer.from(digests.buffer, digests.byteOffset, digests.length).toString('hex');
  return sizes.map((size, index) => [hex.slice(index * 2 * digestLength, (index + 1) * 2 * digestLength), size]);
}
