import { stat } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Bytes to keep: a file, whose size is known, or what lies in memory. */
export type Source = { file: string; size: number } | Uint8Array;
/** Bytes to send at once: a part of a file, or what lies in memory. */
export type Piece = { file: string; start: number; size: number } | Uint8Array;

/**
 * Pieces of `length` bytes, or of more when there would be more than `most` of them; none for an empty source. Throws
 * `remote-failed` when a piece would be larger than `largest`.
 */
export function cutPieces(
  source: Source,
  { length, largest, most }: { length: number; largest: number; most: number },
): Piece[] {
  const size = sizeOf(source);
  const step = Math.max(length, Math.ceil(size / most));
  if (step > largest) {
    throw new PulltrainError('remote-failed', {
      what: 'the object is larger than this kind of remote can hold',
      seen: `${size} bytes`,
      allowed: `${largest * most} bytes`,
      cure: 'Use a directory or an S3-compatible service as remote.',
    });
  }
  return Array.from({ length: Math.ceil(size / step) }, (_, index): Piece => {
    const start = index * step;
    const end = Math.min(start + step, size);
    return source instanceof Uint8Array ? source.subarray(start, end) : { file: source.file, start, size: end - start };
  });
}

export function sizeOf(source: Source): number {
  return source instanceof Uint8Array ? source.length : source.size;
}

/** Throws `remote-failed` when a file no longer has the size it had when it was named. */
export async function requireUnchanged(source: Source): Promise<void> {
  if (source instanceof Uint8Array) return;
  const { size } = await stat(source.file);
  if (size === source.size) return;
  throw new PulltrainError('remote-failed', {
    what: 'the file changed since it was looked at',
    where: source.file,
    seen: `${size} bytes`,
    allowed: `${source.size} bytes`,
    cure: 'Run the command again when nothing writes to the file.',
  });
}
