import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** The folder around `directory` that holds `.git`, else the one that holds `pulltrain.yml`, else `directory` itself. */
export async function findRoot(directory: string): Promise<string> {
  const start = resolve(directory);
  for (const mark of ['.git', 'pulltrain.yml']) {
    for (let folder = start; ; folder = dirname(folder)) {
      if ((await stat(join(folder, mark)).catch(() => null)) !== null) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  return start;
}
