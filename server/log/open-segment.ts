import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export type Segment = {
  /** Appends whole lines; after a failed write the next one starts where the last good line ended. */
  write(lines: Buffer): Promise<void>;
  close(): Promise<void>;
};

const chunk = 64 * 1024;

/** Opens a file of JSON lines for appending. A line that a crash cut short is dropped first. */
export async function openSegment(path: string): Promise<Segment> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  let end = await endOfLastLine(file);
  await file.truncate(end);
  return {
    async write(lines) {
      let written = 0;
      while (written < lines.length) {
        written += (await file.write(lines, written, lines.length - written, end + written)).bytesWritten;
      }
      end += lines.length;
    },
    async close() {
      await file.sync();
      await file.close();
    },
  };
}

async function endOfLastLine(file: FileHandle): Promise<number> {
  let end = (await file.stat()).size;
  const buffer = Buffer.alloc(chunk);
  while (end > 0) {
    const start = Math.max(0, end - chunk);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
