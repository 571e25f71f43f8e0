import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { type ProgressLine, parseProgress } from '../../pipelines/training/parse-progress.ts';

const every = 250;
/** Bytes of one look, and lines of one run. */
const pieceSize = 1024 ** 2;
const mostLines = 1_000_000;

/**
 * Follows a file of JSON lines while a program writes it. `end` reads what is left and stops. Lines that are no progress
 * are passed over: the file is a stranger's.
 */
export function watchProgress(file: string, take: (line: ProgressLine) => void): { end(): Promise<void> } {
  const decoder = new StringDecoder('utf8');
  let position = 0;
  let rest = '';
  let lines = 0;
  let reading: Promise<void> = Promise.resolve();

  async function readOn(): Promise<void> {
    const handle = await open(file, 'r').catch(() => null);
    if (handle === null) return;
    try {
      const piece = Buffer.alloc(pieceSize);
      for (;;) {
        const { bytesRead } = await handle.read(piece, 0, pieceSize, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        const parts = (rest + decoder.write(piece.subarray(0, bytesRead))).split('\n');
        rest = (parts.pop() ?? '').slice(0, pieceSize);
        for (const part of parts) takeLine(part);
      }
    } finally {
      await handle.close();
    }
  }

  function takeLine(text: string): void {
    if (text.trim() === '' || lines >= mostLines) return;
    const parsed = parseProgress(text, lines + 1);
    lines += 1;
    if (parsed !== null) take(parsed);
  }

  const look = () => {
    reading = reading.then(readOn);
    return reading;
  };
  const timer = setInterval(look, every);
  return {
    async end() {
      clearInterval(timer);
      await look();
      takeLine(rest);
      rest = '';
    },
  };
}
