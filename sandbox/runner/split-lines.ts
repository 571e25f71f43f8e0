import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut into several, in characters. */
const maxLength = 64 * 1024;

/** Calls back for each line of a stream as it arrives; the returned function hands over an unfinished last one. */
export function splitLines(stream: Readable | null, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) for (const part of cut(line)) onLine(part);
    if (rest.length > maxLength) {
      onLine(rest);
      rest = '';
    }
  });
  return () => {
    const last = rest + decoder.end();
    rest = '';
    if (last !== '') onLine(last);
  };
}

function cut(line: string): string[] {
  if (line.length <= maxLength) return [line];
  return Array.from({ length: Math.ceil(line.length / maxLength) }, (_, index) =>
    line.slice(index * maxLength, (index + 1) * maxLength),
  );
}
