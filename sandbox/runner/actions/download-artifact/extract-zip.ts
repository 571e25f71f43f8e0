import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { PulltrainError } from '../../../../pipelines/errors.ts';
import { readZipEntries, type ZipEntry } from './read-zip-entries.ts';

export type ExtractLimits = {
  maxEntries: number;
  /** All files together, unpacked, in bytes. */
  maxBytes: number;
  /** Unpacked bytes per packed byte of a file larger than a megabyte. */
  maxRatio: number;
};

export const defaultLimits: ExtractLimits = { maxEntries: 10_000, maxBytes: 4 * 1024 ** 3, maxRatio: 1_000 };

/**
 * Unpacks a zip that may be hostile. Everything its directory says is checked before anything is written: names that
 * leave the folder, links, duplicates, sizes. Then each file is unpacked no further than it said, and its sum compared.
 */
export function extractZip(zip: Buffer, folder: string, limits: ExtractLimits = defaultLimits): string[] {
  const entries = readZipEntries(zip, limits.maxEntries);
  checkNames(entries);
  checkSizes(entries, limits);
  for (const entry of entries) {
    const target = join(folder, entry.name);
    if (entry.isFolder) mkdirSync(target, { recursive: true });
    else {
      mkdirSync(dirname(target), { recursive: true });
      // Fails on anything that is there already, also a link that an earlier step left.
      writeFileSync(target, unpack(entry), { flag: 'wx' });
    }
  }
  return entries.filter((entry) => !entry.isFolder).map((entry) => entry.name);
}

function checkNames(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const { name, isLink, isEncrypted } of entries) {
    const parts = name.replace(/\/$/, '').split('/');
    const isUnsafe =
      name === '' ||
      /[\\\0:]/.test(name) ||
      parts.some((part) => part === '' || part === '.' || part === '..') ||
      name.length > 1_024;
    if (isUnsafe) throw hostile('a name leaves the folder or is not portable', name);
    if (isLink) throw hostile('an entry is a link or a device', name);
    if (isEncrypted) throw hostile('an entry is encrypted', name);
    // Two names that differ in case only are one file on some systems.
    const key = name.replace(/\/$/, '').toLowerCase();
    if (seen.has(key)) throw hostile('a name occurs twice', name);
    seen.add(key);
  }
  const files = new Set(entries.filter((entry) => !entry.isFolder).map((entry) => entry.name.toLowerCase()));
  for (const { name } of entries) {
    const parts = name.toLowerCase().split('/').slice(0, -1);
    if (
      parts.some(
        (_, index) =>
          files.has(parts.slice(0, index + 1).join('/')) && name.toLowerCase() !== parts.slice(0, index + 1).join('/'),
      )
    )
      throw hostile('a file is also a folder', name);
  }
}

function checkSizes(entries: readonly ZipEntry[], { maxBytes, maxRatio }: ExtractLimits): void {
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > maxBytes) throw hostile(`it unpacks to more than ${maxBytes} bytes`, String(total));
  for (const { name, size, packed } of entries)
    if (size > 1024 ** 2 && size > packed.length * maxRatio)
      throw hostile(`a file is packed more than ${maxRatio} times`, name);
}

function unpack(entry: ZipEntry): Buffer {
  const bytes = inflate(entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc)
    throw hostile('a file is not what the directory says', entry.name);
  return bytes;
}

function inflate({ method, packed, size, name }: ZipEntry): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw hostile('an unknown kind of packing', `${method} for ${name}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw new PulltrainError('zip-hostile', {
      what: 'the artifact is not unpacked: a file cannot be unpacked',
      seen: name,
      cause,
    });
  }
}

function hostile(what: string, seen: string): PulltrainError {
  return new PulltrainError('zip-hostile', {
    what: `the artifact is not unpacked: ${what}`,
    seen: JSON.stringify(seen),
  });
}
