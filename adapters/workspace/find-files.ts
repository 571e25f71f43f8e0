import { glob } from 'node:fs/promises';
import { sep } from 'node:path';

/** Files of a directory that a pattern names, sorted, with forward slashes; `*` stays within a segment, `**` does not. */
export async function findFiles(directory: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of glob(pattern, { cwd: directory, withFileTypes: true, exclude: isOurs })) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}${sep}${entry.name}`.slice(directory.length + 1);
    found.push(path.replaceAll(sep, '/'));
  }
  return found.toSorted();
}

function isOurs(entry: { name: string }): boolean {
  return entry.name === '.git' || entry.name === '.pulltrain' || entry.name === 'node_modules';
}
