import { randomUUID } from 'node:crypto';
import {
  chmod,
  constants,
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote, RemoteObject } from '../../pipelines/ports/object-remote.ts';
import { requireObjectName } from './require-object-name.ts';

/** Bytes; what is copied through memory in one piece. */
const small = 1024 ** 2;
/** Folders at the root that hold no objects: files on their way, and what was found damaged. */
const apart = new Set(['tmp', 'quarantine']);

/**
 * Objects as files below `root`. A file becomes visible under its name by one `link` after it was written and synced, so
 * readers see it whole or not at all, the first of two writers wins, and a crash leaves only a file in `<root>/tmp`.
 */
export function openDirectoryRemote(root: string): ObjectRemote {
  const base = resolve(root);
  const placeOf = (name: string) => {
    requireObjectName(name);
    return join(base, name);
  };
  const failed = (what: string, where: string, cause: unknown) =>
    cause instanceof PulltrainError ? cause : new PulltrainError('remote-failed', { what, where, cause });

  async function missing(name: string): Promise<PulltrainError> {
    const isThere = (await stat(base).catch(() => null)) !== null;
    return new PulltrainError('object-missing', {
      what: `the remote has no ${name}`,
      where: base,
      cure: isThere
        ? 'Push it from where it was made (pulltrain data push), or name another remote.'
        : 'The folder of the remote does not exist: mount the share it lies on, or correct its path.',
    });
  }

  return {
    address: base,

    async size(name) {
      const place = placeOf(name);
      try {
        const found = await stat(place);
        return found.isFile() ? found.size : null;
      } catch (cause) {
        if (isAbsent(cause)) return null;
        throw failed('the remote cannot be read', place, cause);
      }
    },

    list: (prefix) => listBelow(base, prefix, failed),

    async *read(name, { start = 0, end } = { start: 0 }) {
      const place = placeOf(name);
      if (end !== undefined && end <= start) return;
      try {
        yield* readRange(place, start, end);
      } catch (cause) {
        throw isAbsent(cause) ? await missing(name) : failed('the object cannot be read', place, cause);
      }
    },

    async fetch(name, file) {
      const place = placeOf(name);
      try {
        await copySynced(place, file);
      } catch (cause) {
        throw isAbsent(cause) ? await missing(name) : failed('the object cannot be read', place, cause);
      }
    },

    async write(name, source) {
      const place = placeOf(name);
      if ((await this.size(name)) !== null) return;
      const temporary = join(base, 'tmp', `${randomUUID()}.tmp`);
      try {
        await mkdir(dirname(temporary), { recursive: true });
        await fill(temporary, source);
        await mkdir(dirname(place), { recursive: true });
        await reveal(temporary, place);
      } catch (cause) {
        throw failed(`${name} could not be written`, base, cause);
      } finally {
        await rm(temporary, { force: true });
      }
    },

    async remove(name) {
      const place = placeOf(name);
      await rm(place, { force: true }).catch((cause) => {
        if (!isAbsent(cause)) throw failed(`${name} could not be removed`, base, cause);
      });
    },
  };
}

async function* readRange(place: string, start: number, end = Number.POSITIVE_INFINITY): AsyncIterable<Uint8Array> {
  const handle = await open(place, 'r');
  try {
    const stop = Math.min(end, (await handle.stat()).size);
    for (let position = start; position < stop; ) {
      const piece = Buffer.allocUnsafe(Math.min(small, stop - position));
      const { bytesRead } = await handle.read(piece, 0, piece.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function copySynced(from: string, to: string): Promise<void> {
  const handle = await open(to, 'wx');
  try {
    await copyOver(handle, from, to);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** The kernel copies, by reference where the file system can. It copies the rights as well, which are not ours to give. */
async function copyOver(target: FileHandle, from: string, to: string): Promise<void> {
  const { mode } = await target.stat();
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, mode);
}

/** Writes the temporary file, with the rights that a new file has here, and makes sure that it is on the disk. */
async function fill(temporary: string, source: { file: string; size: number } | Uint8Array): Promise<void> {
  const handle = await open(temporary, 'wx+');
  try {
    if (source instanceof Uint8Array || source.size <= small) {
      const bytes = source instanceof Uint8Array ? source : await readFile(source.file);
      await handle.writeFile(bytes);
    } else await copyOver(handle, source.file, temporary);
    const { size } = await handle.stat();
    if (!(source instanceof Uint8Array) && size !== source.size) {
      throw new PulltrainError('remote-failed', {
        what: 'the file changed while it was copied',
        where: source.file,
        seen: `${size} bytes`,
        allowed: `${source.size} bytes`,
        cure: 'Run the command again when nothing writes to the file.',
      });
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Gives the file its name unless another writer was first. File systems without hard links get a rename. */
async function reveal(temporary: string, place: string): Promise<void> {
  try {
    await link(temporary, place);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw cause;
    await rename(temporary, place);
  }
}

async function* listBelow(
  base: string,
  prefix: string,
  failed: (what: string, where: string, cause: unknown) => PulltrainError,
): AsyncIterable<RemoteObject> {
  const folders = [prefix.slice(0, prefix.lastIndexOf('/') + 1)];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const place = join(base, folder);
    const entries = await readdir(place, { withFileTypes: true }).catch((cause) => {
      if (isAbsent(cause)) return [];
      throw failed('the remote cannot be listed', place, cause);
    });
    const files: string[] = [];
    for (const entry of entries) {
      const name = `${folder}${entry.name}`;
      if (folder === '' && apart.has(entry.name)) continue;
      if (entry.isDirectory() && (`${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`)))
        folders.push(`${name}/`);
      else if (!entry.isDirectory() && name.startsWith(prefix)) files.push(name);
    }
    const sizes = await Promise.all(files.map((name) => stat(join(base, name)).catch(() => null)));
    for (const [index, name] of files.entries()) {
      const found = sizes[index];
      if (found?.isFile() === true) yield { name, size: found.size, modifiedAt: found.mtimeMs };
    }
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}
