import { fstat, read } from 'node:fs';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * All bytes of an open model file, read once so that what is inspected, hashed and run is the same. Folders and devices are
 * refused (`model-refused`), as is a file over `largest` bytes; an empty one is `model-not-onnx`.
 */
export async function readDescriptor(descriptor: number, largest: number): Promise<Buffer> {
  const stats = await promisify(fstat)(descriptor);
  const { size } = stats;
  if (!stats.isFile()) throw new PulltrainError('model-refused', { what: 'the model is not a regular file' });
  if (size === 0) throw new PulltrainError('model-not-onnx', { what: 'the model file is empty' });
  if (size > largest) {
    throw new PulltrainError('model-refused', {
      what: 'the model file is too large',
      seen: `${size} bytes`,
      allowed: `${largest} bytes at most`,
    });
  }
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await promisify(read)(descriptor, bytes, done, size - done, done);
    if (bytesRead === 0) throw new PulltrainError('model-refused', { what: 'the model file shrank while it was read' });
    done += bytesRead;
  }
  return bytes;
}
