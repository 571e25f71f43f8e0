import { stat } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ContentStore, StoredContent } from '../../pipelines/ports/content-store.ts';

/** Stores a file or a directory; `size` is the bytes of all `files`. Throws `file-missing` and what the store throws. */
export async function storePath(
  store: ContentStore,
  path: string,
): Promise<StoredContent & { size: number; files: number }> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return { type: 'directory', ...(await store.putTree(path)) };
  if (found?.isFile() === true) return { type: 'file', ...(await store.put(path)), files: 1 };
  throw new PulltrainError('file-missing', {
    what: found === null ? 'there is no such file' : 'neither a file nor a directory',
    where: path,
  });
}
