import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * All bytes of a model file, read once so that what is inspected, hashed and run is the same. Links, folders and
 * devices are refused (`model-refused`), as is a file over `largest` bytes; an absent or empty one is `model-not-onnx`.
 */
export async function readModelFile(path: string, largest: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause) => {
    throw new PulltrainError('model-not-onnx', { what: 'cannot open the model file', cause });
  });
  try {
    const { size, ...stats } = await file.stat().then((found) => ({ size: found.size, regular: found.isFile() }));
    if (!stats.regular) throw new PulltrainError('model-refused', { what: 'the model is not a regular file' });
    if (size === 0) throw new PulltrainError('model-not-onnx', { what: 'the model file is empty' });
    if (size > largest) {
      throw new PulltrainError('model-refused', {
        what: 'the model file is too large',
        seen: `${size} bytes`,
        allowed: `${largest} bytes at most`,
      });
    }
    const bytes = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const { bytesRead } = await file.read(bytes, read, size - read, read);
      if (bytesRead === 0)
        throw new PulltrainError('model-refused', { what: 'the model file shrank while it was read' });
      read += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
