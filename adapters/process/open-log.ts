import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';

/** Bytes of one log file, characters of one line, lines kept for the record. */
const largestLog = 64 * 1024 ** 2;
const longestLine = 16_384;
const keptLines = 10;

export type StageLog = {
  take(source: 'out' | 'err', chunk: Buffer): void;
  lastLines(): string[];
  close(): Promise<void>;
};

/**
 * Turns what a process writes into lines, for the file and for `onLine`. A carriage return ends a line too, so that
 * progress bars can be followed. A log that grows past its limit stops, and says so, while the process goes on.
 */
export function openLog(file: string, onLine: (line: string) => void): StageLog {
  const stream = createWriteStream(file, { flags: 'a' });
  // A log that cannot be written must not end a training run; the lines still reach onLine.
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  const decoders = { out: new StringDecoder('utf8'), err: new StringDecoder('utf8') };
  const rest = { out: '', err: '' };
  const last: string[] = [];
  let written = 0;

  function emit(line: string): void {
    if (written > largestLog) return;
    written += Buffer.byteLength(line) + 1;
    const text = written > largestLog ? `(the log grew past ${largestLog} bytes and ends here)` : line;
    last.push(text);
    if (last.length > keptLines) last.shift();
    if (!broken) stream.write(`${text}\n`);
    onLine(text);
  }

  function split(source: 'out' | 'err', text: string): void {
    // A carriage return at the very end may be half of a line end.
    const lines = (rest[source] + text).split(/\r\n|\n|\r(?!$)/);
    rest[source] = lines.pop() ?? '';
    for (const line of lines) emit(line.slice(0, longestLine));
    if (rest[source].length > longestLine) {
      emit(rest[source].slice(0, longestLine));
      rest[source] = '';
    }
  }

  return {
    take: (source, chunk) => split(source, decoders[source].write(chunk)),
    lastLines: () => last.map((line) => line.slice(0, 300)),
    async close() {
      for (const source of ['out', 'err'] as const) {
        split(source, decoders[source].end());
        const tail = rest[source].replace(/\r$/, '');
        if (tail !== '') emit(tail);
      }
      stream.end();
      if (!broken) await finished(stream).catch(() => undefined);
    },
  };
}
