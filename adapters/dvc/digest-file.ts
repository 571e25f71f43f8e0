import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';

/** Bytes that DVC reads at a time; before 3.0 the digest of a text depends on it. */
const blockBytes = 1024 ** 2;
const carriageReturnLineFeed = Buffer.from('\r\n');

/** MD5 of a file in lower-case hex; `size` in bytes spares small ones a stream. */
export async function md5OfFile(file: string, size = Number.POSITIVE_INFINITY): Promise<string> {
  if (size <= blockBytes) return hash('md5', await readFile(file));
  const digest = createHash('md5');
  for await (const bytes of createReadStream(file, { highWaterMark: blockBytes })) digest.update(bytes);
  return digest.digest('hex');
}

/**
 * MD5 of a file as DVC before 3.0 took it: in blocks of 1 MiB, each with CRLF turned into LF when it looks like text. A
 * pair that two blocks share stays as it is, there as here.
 */
export async function legacyMd5OfFile(file: string): Promise<string> {
  const hash = createHash('md5');
  const handle = await open(file);
  const block = Buffer.allocUnsafe(blockBytes);
  try {
    for (let read = await fill(handle, block); read > 0; read = await fill(handle, block)) {
      const bytes = block.subarray(0, read);
      hash.update(isText(bytes.subarray(0, 512)) ? withoutCarriageReturns(bytes) : bytes);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function fill(handle: Awaited<ReturnType<typeof open>>, block: Buffer): Promise<number> {
  let filled = 0;
  while (filled < block.length) {
    const { bytesRead } = await handle.read(block, filled, block.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** No zero byte, and at most three in ten outside of printable ASCII and common white space: DVC's own rule. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  const strange = bytes.filter((byte) => (byte < 32 || byte > 126) && ![8, 9, 10, 12, 13].includes(byte)).length;
  return strange / bytes.length <= 0.3;
}

function withoutCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes(carriageReturnLineFeed)) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
