import { createHash, type Hash, hash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { chunkSizes, findCut } from '../../pipelines/data/store/find-cut.ts';
import { hasObject, type ObjectTable } from '../../pipelines/data/store/object-table.ts';
import type { FileToPlace, FileToRead, ObjectTask, Segment, TaskFault, TaskResult } from './object-task.ts';
import { openPackWriter, type PackWriter } from './open-pack-writer.ts';

/** Bytes read at once. */
const window = 2 * 1024 * 1024;
/** Bytes of a large file that are cut in one task. */
const stretch = 16 * 1024 * 1024;
const digestLength = 64;

export type TaskRunner = { run(task: ObjectTask): TaskResult; abandon(): void };

/**
 * Does the work of one thread, in which nothing else happens meanwhile. A file that cannot be read or that changed is a
 * fault of its own and does not stop the others; what the store's disk refuses stops the task. `report` hears of bytes
 * as they pass.
 */
export function openTaskRunner(report: (bytes: number) => void): TaskRunner {
  const buffer = Buffer.allocUnsafe(window);
  const writers = new Map<string, PackWriter>();

  function writerOf(root: string): PackWriter {
    const writer = writers.get(root) ?? openPackWriter(root);
    writers.set(root, writer);
    return writer;
  }

  /** Reads `length` bytes from `offset`, in pieces, each valid until the next. */
  function* pieces(descriptor: number, offset: number, length: number): Iterable<Buffer> {
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, buffer, 0, Math.min(window, length - done), offset + done);
      if (count === 0) throw fault('ESHORT', 'ends before its size');
      done += count;
      report(count);
      yield buffer.subarray(0, count);
    }
  }

  /** Reads a range into the buffer, from `into` on; returns its length. */
  function fill(descriptor: number, offset: number, length: number, into = 0): number {
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, buffer, into + done, length - done, offset + done);
      if (count === 0) throw fault('ESHORT', 'ends before its size');
      done += count;
    }
    return length;
  }

  /** All of a range that fits the buffer; valid until the next reading. */
  function readSmall(descriptor: number, offset: number, length: number): Buffer {
    report(fill(descriptor, offset, length));
    return buffer.subarray(0, length);
  }

  function digestOf(descriptor: number, offset: number, length: number): Buffer {
    if (length <= window) return hash('sha512', readSmall(descriptor, offset, length), 'buffer');
    const running = createHash('sha512');
    for (const piece of pieces(descriptor, offset, length)) running.update(piece);
    return running.digest();
  }

  function packFile(descriptor: number, { size }: FileToRead, writer: PackWriter, known: ObjectTable | null): Buffer {
    const bytes = readSmall(descriptor, 0, size);
    const digest = hash('sha512', bytes, 'buffer');
    if (known === null || !hasObject(known, digest)) writer.add(digest, bytes);
    return digest;
  }

  function overFiles(files: readonly FileToRead[], work: (descriptor: number, file: FileToRead) => Buffer): TaskResult {
    const digests = new Uint8Array(files.length * digestLength);
    const faults: TaskFault[] = [];
    for (const [index, file] of files.entries()) {
      try {
        digests.set(
          reading(file, (descriptor) => work(descriptor, file)),
          index * digestLength,
        );
      } catch (thrown) {
        if (!isFileFault(thrown)) throw thrown;
        faults.push({ index, code: thrown.code, message: thrown.message });
      }
    }
    return { ...nothing, digests, faults };
  }

  /** Large files that this thread digests in steps, by path. */
  const running = new Map<string, { descriptor: number; hash: Hash; position: number; mtimeMs: number }>();

  function begin({ path, size }: FileToRead): void {
    const descriptor = openForReading(path);
    const found = fstatSync(descriptor);
    running.set(path, { descriptor, hash: createHash('sha512'), position: 0, mtimeMs: found.mtimeMs });
    if (found.size !== size) throw fault('ECHANGED', 'changed while it was read');
  }

  function proceed({ path }: FileToRead, to: number): void {
    const state = begun(path);
    for (const piece of pieces(state.descriptor, state.position, to - state.position)) state.hash.update(piece);
    state.position = to;
  }

  /** The digest, if nobody has touched the file since it was begun. */
  function end({ path, size }: FileToRead): Buffer {
    const state = begun(path);
    const found = fstatSync(state.descriptor);
    if (found.size !== size || state.position !== size || found.mtimeMs !== state.mtimeMs) {
      throw fault('ECHANGED', 'changed while it was read');
    }
    return state.hash.digest();
  }

  /** A file that was let go for a fault has that fault at every further step. */
  function begun(path: string) {
    const state = running.get(path);
    if (state === undefined) throw fault('ECHANGED', 'changed while it was read');
    return state;
  }

  function letGo(path: string): void {
    const state = running.get(path);
    if (state !== undefined) closeSync(state.descriptor);
    running.delete(path);
  }

  function cut({ size }: FileToRead, descriptor: number, from: number): number[] {
    const sizes: number[] = [];
    let start = from;
    let held = 0;
    while (start < size && start - from < stretch) {
      held += fill(descriptor, start + held, Math.min(window, size - start) - held, held);
      // All that is left of the file, or so much of it that the last cut is where it would be with the rest.
      const enough = start + held === size ? 0 : chunkSizes.max;
      const bytes = buffer.subarray(0, held);
      let at = 0;
      while (at < held && held - at >= enough) {
        const length = findCut(bytes, at);
        sizes.push(length);
        at += length;
      }
      buffer.copyWithin(0, at, held);
      held -= at;
      start += at;
    }
    return sizes;
  }

  function packChunks(
    descriptor: number,
    { from, sizes, root, known }: { from: number; sizes: readonly number[]; root: string; known: ObjectTable | null },
  ): Uint8Array {
    const writer = writerOf(root);
    const digests = new Uint8Array(sizes.length * digestLength);
    let at = from;
    for (const [index, size] of sizes.entries()) {
      fill(descriptor, at, size);
      const bytes = buffer.subarray(0, size);
      const digest = hash('sha512', bytes, 'buffer');
      if (known === null || !hasObject(known, digest)) writer.add(digest, bytes);
      digests.set(digest, index * digestLength);
      at += size;
    }
    return digests;
  }

  /** The answer for one large file; what is wrong with it is a fault, and then this thread is done with it. */
  function ofLarge(file: FileToRead, work: () => Partial<TaskResult>): TaskResult {
    try {
      return { ...nothing, ...work() };
    } catch (thrown) {
      letGo(file.path);
      if (!isFileFault(thrown)) throw thrown;
      return { ...nothing, faults: [{ index: 0, code: thrown.code, message: thrown.message }] };
    }
  }

  function place({ destination, digest, segments }: FileToPlace): Buffer {
    const [single] = segments;
    if (segments.length === 1 && single !== undefined && single.length <= window && single.file.endsWith('.pack')) {
      return placeSmall(destination, digest, single);
    }
    const whole = createHash(digest.length === 64 ? 'sha256' : 'sha512');
    const [only, ...others] = segments;
    // A file of its own is copied by reference where the file system can, and then read back.
    const cloned = only !== undefined && others.length === 0 && !only.file.endsWith('.pack');
    if (cloned) copyFileSync(only.file, destination, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const target = openSync(destination, cloned ? 'r' : 'wx');
    try {
      if (cloned) for (const piece of pieces(target, 0, only.length)) whole.update(piece);
      for (const segment of cloned ? [] : segments) {
        withSegment(segment, (descriptor) => {
          for (const piece of pieces(descriptor, segment.offset, segment.length)) {
            whole.update(piece);
            for (let done = 0; done < piece.length; ) done += writeSync(target, piece, done);
          }
        });
      }
    } finally {
      closeSync(target);
    }
    const found = whole.digest();
    if (found.toString('hex') === digest) return found;
    rmSync(destination, { force: true });
    throw fault('ECORRUPT', 'the stored bytes are damaged');
  }

  function placeSmall(destination: string, digest: string, segment: Segment): Buffer {
    const bytes = withSegment(segment, (descriptor) => readSmall(descriptor, segment.offset, segment.length));
    const found = hash(digest.length === 64 ? 'sha256' : 'sha512', bytes, 'buffer');
    if (found.toString('hex') !== digest) throw fault('ECORRUPT', 'the stored bytes are damaged');
    writeFileSync(destination, bytes, { flag: 'wx' });
    return found;
  }

  let open: { file: string; descriptor: number } | null = null;
  /** Keeps the last file open: neighbours mostly lie in one pack. */
  function withSegment<Answer>(segment: Segment, work: (descriptor: number) => Answer): Answer {
    if (open?.file !== segment.file) {
      if (open !== null) closeSync(open.descriptor);
      open = null;
      open = { file: segment.file, descriptor: openForReading(segment.file) };
    }
    return work(open.descriptor);
  }

  function closeSegment(): void {
    if (open !== null) closeSync(open.descriptor);
    open = null;
  }

  function abandon(): void {
    closeSegment();
    for (const path of running.keys()) letGo(path);
    for (const writer of writers.values()) writer.abandon();
  }

  return {
    run(task) {
      switch (task.type) {
        case 'digest':
          return overFiles(task.files, (descriptor, { size }) => digestOf(descriptor, 0, size));
        case 'pack': {
          const writer = writerOf(task.root);
          return overFiles(task.files, (descriptor, file) => packFile(descriptor, file, writer, task.known));
        }
        case 'begin':
          return ofLarge(task.file, () => {
            begin(task.file);
            return {};
          });
        case 'continue':
          return ofLarge(task.file, () => {
            proceed(task.file, task.to);
            return {};
          });
        case 'end':
          return ofLarge(task.file, () => {
            const digests = Uint8Array.from(end(task.file));
            letGo(task.file.path);
            return { digests };
          });
        case 'cut':
          return ofLarge(task.file, () => ({
            sizes: reading(task.file, (descriptor) => cut(task.file, descriptor, task.from)),
          }));
        case 'chunk':
          return ofLarge(task.file, () => ({
            digests: reading(task.file, (descriptor) => packChunks(descriptor, task)),
          }));
        case 'abandon':
          abandon();
          return nothing;
        case 'seal':
          return { ...nothing, packs: [...writers.values()].flatMap((writer) => writer.seal()) };
        case 'place':
        case 'verify': {
          const work: readonly (() => Buffer)[] =
            task.type === 'place'
              ? task.files.map((file) => () => place(file))
              : task.segments.map(
                  (segment) => () =>
                    withSegment(segment, (descriptor) => digestOf(descriptor, segment.offset, segment.length)),
                );
          const digests = new Uint8Array(work.length * digestLength);
          const faults: TaskFault[] = [];
          for (const [index, one] of work.entries()) {
            try {
              digests.set(one(), index * digestLength);
            } catch (thrown) {
              if (!isFileFault(thrown)) throw thrown;
              faults.push({ index, code: thrown.code, message: thrown.message });
            }
          }
          closeSegment();
          return { ...nothing, digests, faults };
        }
      }
    },
    abandon,
  };
}

const nothing: TaskResult = { digests: new Uint8Array(0), sizes: [], packs: [], faults: [] };

/** Opens a file that must be as long as it was when it was looked at, before and after the work. */
function reading<Answer>(file: FileToRead, work: (descriptor: number) => Answer): Answer {
  const descriptor = openForReading(file.path);
  try {
    const before = fstatSync(descriptor);
    if (before.size !== file.size) throw fault('ECHANGED', 'changed while it was read');
    const answer = work(descriptor);
    const after = file.size > window ? fstatSync(descriptor) : before;
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw fault('ECHANGED', 'changed while it was read');
    }
    return answer;
  } finally {
    closeSync(descriptor);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'EIO';
    throw fault(code === 'EMFILE' ? 'EIO' : code, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

type FileFault = Error & { code: string; ofFile: true };

function fault(code: string, message: string): FileFault {
  return Object.assign(new Error(message), { code, ofFile: true as const });
}

function isFileFault(thrown: unknown): thrown is FileFault {
  return thrown instanceof Error && 'ofFile' in thrown;
}
