import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * One line that says what a story has left on the disk and how to get rid of it, for a reader in `from`; empty when it
 * has left nothing. Megabytes of 1,000,000 bytes, as disks are sold.
 */
export async function leftBehind(directory: string, from: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await lstat(join(parentPath, name)).catch(() => null))?.size ?? 0),
  );
  if (files.length === 0) return '';
  const megabytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  const place = relative(from, directory) || '.';
  return `Left behind: ${megabytes.toLocaleString('en')} MB in ${place}. The next story there replaces it; to remove it: rm -r ${place}\n`;
}
