import type { ObjectTable } from '../../pipelines/data/store/object-table.ts';

/** A file to be read, as it was when it was looked at; `size` is in bytes. */
export type FileToRead = { path: string; size: number };

/** Files to be read, spelled out one by one, because there may be millions. */
export type FileList = { readonly count: number; at(index: number): FileToRead };

/** Where the bytes of a file lie in order: in which files, from where, how many. */
export type Segment = { file: string; offset: number; length: number };

/** A file to be made; `digest` is the hex of what it must come to (64 digits sha256, 128 sha512). */
export type FileToPlace = { destination: string; digest: string; segments: readonly Segment[] };

/** One piece of work for a thread. */
export type ObjectTask =
  /** sha512 of whole files. */
  | { type: 'digest'; files: readonly FileToRead[] }
  /** sha512 of small files, each appended to a pack of `root` unless `known` has it. */
  | { type: 'pack'; root: string; files: readonly FileToRead[]; known: ObjectTable | null }
  /** Begins to read a large file on this thread, continues to digest it up to `to`, and ends with its sha512. */
  | { type: 'begin'; file: FileToRead }
  | { type: 'continue'; file: FileToRead; to: number }
  | { type: 'end'; file: FileToRead }
  /** Finds the chunks of a large file from the begin of one: their `sizes`, up to some MiB. */
  | { type: 'cut'; file: FileToRead; from: number }
  /** sha512 of chunks that lie one after the other, each appended to a pack of `root` unless `known` has it. */
  | { type: 'chunk'; root: string; file: FileToRead; from: number; sizes: readonly number[]; known: ObjectTable | null }
  /** Makes the packs of this thread visible. */
  | { type: 'seal' }
  /** Forgets what this thread packed since. */
  | { type: 'abandon' }
  /** Copies stored bytes into files, and verifies them. */
  | { type: 'place'; files: readonly FileToPlace[] }
  /** sha512 of ranges. */
  | { type: 'verify'; segments: readonly Segment[] };

/** What went wrong with one of the files of a task. */
export type TaskFault = { index: number; code: string; message: string };

/** `digests` holds 64 bytes for each file, segment or chunk, zeros where a fault is. */
export type TaskResult = { digests: Uint8Array; sizes: number[]; packs: string[]; faults: TaskFault[] };

export type TaskMessage =
  | { type: 'bytes'; count: number }
  | { type: 'done'; result: TaskResult }
  | { type: 'failed'; code: string; message: string };
