import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { mkdir, opendir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Content } from '../../pipelines/contracts/stage-run.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import type { WorkingFiles } from '../../pipelines/training/pipeline-ports.ts';
import type { Workspace } from '../../pipelines/training/training-ports.ts';
import { recallFile, rememberFile } from '../stat-cache/file-facts.ts';
import type { StatCache } from '../stat-cache/open-stat-cache.ts';

/** Left behind by tools beside what people mean; their presence changes nothing. */
const passedOver = new Set(['.git', '.dvc', '.pulltrain', '__pycache__', '.ipynb_checkpoints', '.DS_Store']);
/** Files that are read at a time in one directory. */
const atOnce = 16;

/**
 * What lies in a checkout, by content. The fingerprint of a file is its integrity, that of a directory the integrity of
 * `{ path: integrity }` of all files below, without what tools leave behind (`__pycache__`, `.git`, ...).
 */
export function openWorkingFiles(directory: string, workspace: Workspace, cache: StatCache): WorkingFiles {
  const root = resolve(directory);

  /** Reads a file only when it does not look as it did when it was last read. */
  async function hashFile(file: string, found: Stats): Promise<string> {
    const name = relative(root, file);
    const known = recallFile(cache, name, found);
    if (known !== null) return known;
    const at = Date.now();
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 ** 2 })) hash.update(chunk);
    const integrity = `sha512-${hash.digest('base64')}`;
    rememberFile(cache, name, found, integrity, at);
    return integrity;
  }

  return {
    async fingerprint(path) {
      const place = isAbsolute(path) ? path : join(root, path);
      const found = await stat(place).catch(() => null);
      if (found === null) return null;
      if (found.isFile()) {
        const fingerprint = await hashFile(place, found);
        return { path, type: 'file', fingerprint, size: found.size, files: 1 } satisfies Content;
      }
      if (found.isDirectory()) return fingerprintDirectory(path, place, hashFile);
      throw new PulltrainError('source-unreadable', { what: 'neither a file nor a directory', where: path });
    },
    clear: (paths) => workspace.clear(paths),
    async prepare(paths) {
      for (const path of paths) await mkdir(dirname(join(root, path)), { recursive: true });
    },
  };
}

async function fingerprintDirectory(
  path: string,
  place: string,
  hashFile: (file: string, found: Stats) => Promise<string>,
): Promise<Content> {
  const names: string[] = [];
  await collect(place, '', names, []);
  names.sort();
  const listing: [name: string, integrity: string][] = [];
  let size = 0;
  for (let start = 0; start < names.length; start += atOnce) {
    const group = names.slice(start, start + atOnce);
    await Promise.all(
      group.map(async (name) => {
        const file = join(place, name);
        const found = await stat(file);
        size += found.size;
        listing.push([name, await hashFile(file, found)]);
      }),
    );
  }
  return {
    path,
    type: 'directory',
    fingerprint: integrityOfDocument(Object.fromEntries(listing)),
    size,
    files: names.length,
  };
}

/** `around` holds the real paths of the folders above, so that a link to one of them is not followed for ever. */
async function collect(root: string, folder: string, names: string[], around: readonly string[]): Promise<void> {
  const here = await realpath(join(root, folder));
  if (around.includes(here)) return;
  for await (const entry of await opendir(here)) {
    if (passedOver.has(entry.name)) continue;
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const kind = entry.isSymbolicLink() ? await stat(join(root, name)).catch(() => null) : entry;
    if (kind?.isDirectory() === true) await collect(root, name, names, [...around, here]);
    else if (kind?.isFile() === true) names.push(name);
  }
}
