import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { FoundFile } from './find-files.ts';

type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A zip of files as a stream; only what is in flight is in memory. */
export function zipFiles(files: readonly FoundFile[], level: number): Readable {
  return Readable.from(chunksOf(files, level));
}

async function* chunksOf(files: readonly FoundFile[], level: number): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let fault: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error !== null) fault = error;
    else ready.push(chunk);
  });
  const drain = function* (): Generator<Uint8Array> {
    if (fault !== null) throw fault;
    yield* ready.splice(0);
  };
  for (const { file, name } of files) {
    const entry = level === 0 ? new ZipPassThrough(name) : new ZipDeflate(name, { level: toLevel(level) });
    entry.mtime = (await stat(file)).mtime;
    zip.add(entry);
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
      entry.push(chunk);
      yield* drain();
    }
    entry.push(new Uint8Array(0), true);
    yield* drain();
  }
  zip.end();
  yield* drain();
}

function toLevel(level: number): Level {
  const levels: Level[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return levels[level] ?? 6;
}
