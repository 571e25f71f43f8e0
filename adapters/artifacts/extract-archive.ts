import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { repositoryPathSchema } from '../../pipelines/contracts/common.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { readZipDirectory, type ZipEntry } from './read-zip-directory.ts';

const inflate = promisify(inflateRaw);

export type ArchiveLimits = {
  entries: number;
  /** Bytes of all files together, unpacked. */
  size: number;
  /** Unpacked over packed bytes of one file; a larger one is a bomb. */
  ratio: number;
};

export const archiveLimits: ArchiveLimits = { entries: 200, size: 2 ** 30, ratio: 1100 };

/**
 * Unpacks a hostile zip into a fresh folder and returns the names of its files. Every name is checked before any file
 * is written: only those in `allowed` (a name ending in `/` allows the files below it), no links, no two names that
 * are the same on a case-insensitive disk. Throws `artifact-refused`.
 */
export async function extractArchive(
  zip: Buffer,
  into: string,
  allowed: readonly string[],
  limits: ArchiveLimits = archiveLimits,
): Promise<string[]> {
  const entries = readZipDirectory(zip, limits.entries).filter((entry) => entry.kind !== 'directory');
  checkEntries(entries, allowed, limits);
  const folder = await mkdir(into, { recursive: true });
  if (folder === undefined) {
    throw new PulltrainError('artifact-refused', { what: 'the folder to unpack into exists already', where: into });
  }
  for (const entry of entries) {
    const path = join(into, entry.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await contentOf(zip, entry), { flag: 'wx' });
  }
  return entries.map((entry) => entry.name).sort();
}

function checkEntries(entries: readonly ZipEntry[], allowed: readonly string[], limits: ArchiveLimits): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const name = JSON.stringify(entry.name.slice(0, 200));
    if (entry.kind !== 'file') throw refused('only plain files are taken', name);
    if (!isAllowed(entry.name, allowed)) throw refused('unexpected file', name, allowed.join(', '));
    const folded = entry.name.toLowerCase();
    if (seen.has(folded)) throw refused('two files of the same name', name);
    seen.add(folded);
    if (entry.size > limits.ratio * Math.max(1, entry.compressedSize)) {
      throw refused('a file unpacks to too many times its size', `${name}: ${entry.size} bytes`);
    }
  }
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > limits.size) throw refused('too large when unpacked', `${total} bytes`, `${limits.size} bytes at most`);
}

function isAllowed(name: string, allowed: readonly string[]): boolean {
  if (!repositoryPathSchema.safeParse(name).success || name.split('/').includes('.')) return false;
  return allowed.some((pattern) => (pattern.endsWith('/') ? name.startsWith(pattern) : name === pattern));
}

async function contentOf(zip: Buffer, entry: ZipEntry): Promise<Buffer> {
  const packed = zip.subarray(entry.start, entry.start + entry.compressedSize);
  const content = entry.method === 0 ? packed : await unpack(packed, entry);
  if (content.length !== entry.size || crc32(content) !== entry.crc32) {
    throw refused('a file is not what the archive says', JSON.stringify(entry.name));
  }
  return content;
}

async function unpack(packed: Buffer, entry: ZipEntry): Promise<Buffer> {
  try {
    // The directory's size is a claim: inflating stops there whatever the data says.
    return await inflate(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (cause) {
    throw new PulltrainError('artifact-refused', {
      what: 'a file cannot be unpacked',
      seen: JSON.stringify(entry.name),
      cause,
    });
  }
}

function refused(what: string, seen: string, allowed?: string): PulltrainError {
  return new PulltrainError('artifact-refused', { what, seen, ...(allowed === undefined ? {} : { allowed }) });
}
