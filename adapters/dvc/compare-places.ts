import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DvcDigest, DvcOut } from '../../pipelines/data/dvc/dvc-out.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { legacyMd5OfFile, md5OfFile } from './digest-file.ts';
import type { DvcRepository } from './open-dvc-repository.ts';

/** One file of an out: where it belongs, and what it has to be. */
export type Wanted = { place: string; digest: DvcDigest; isExecutable: boolean; size?: number };

/** Files that are looked at at once; reading is bound by the disk. */
const lanes = 4;
/** Conflicts that a message names. */
const most = 5;

/**
 * What has to change so that the files of an out are what it names: those to bring, those that belong to another version
 * and can go, and those that nobody else has and stay. Throws `data-differs` for a file in the way that could not be had
 * again.
 */
export async function comparePlaces(
  out: DvcOut,
  place: string,
  wanted: readonly Wanted[],
  repository: DvcRepository,
): Promise<{ missing: Wanted[]; stale: string[]; extra: string[] }> {
  const missing: Wanted[] = [];
  const stale: string[] = [];
  const extra: string[] = [];
  const conflicts: string[] = [];
  const { isLegacy } = out.digest;
  const keeps = async (file: string) => {
    const md5 = isLegacy ? await legacyMd5OfFile(file) : await md5OfFile(file);
    return repository.keeps({ md5, isDirectory: false, isLegacy }, out.remote);
  };

  await inLanes(wanted, lanes, async (one) => {
    const state = await stateOf(one);
    if (state === 'same') return;
    missing.push(one);
    if (state === 'folder' || (state === 'different' && !(await keeps(one.place)))) conflicts.push(one.place);
  });
  const names = new Set(wanted.map((one) => one.place));
  const others = out.digest.isDirectory ? (await filesBelow(place)).filter((file) => !names.has(file)) : [];
  await inLanes(others, lanes, async (file) => {
    if (file === place) conflicts.push(file);
    else if (await keeps(file)) stale.push(file);
    else extra.push(file);
  });
  if (conflicts.length === 0) return { missing, stale, extra };
  const named = conflicts.sort().slice(0, most).join(', ');
  throw new PulltrainError('data-differs', {
    what: `what lies there is not what ${out.file} names, and neither the cache of DVC nor the remote has it`,
    where: conflicts.length > most ? `${named} and ${conflicts.length - most} more` : named,
    cure: 'Keep it (dvc add, dvc push), or move it away, and pull again.',
  });
}

async function stateOf({
  place,
  digest,
  size,
  isExecutable,
}: Wanted): Promise<'absent' | 'same' | 'different' | 'folder'> {
  const found = await stat(place).catch(() => null);
  // A link into a cache that is gone leads nowhere, and is replaced like nothing.
  if (found === null) return 'absent';
  if (!found.isFile()) return 'folder';
  const isSame =
    (size === undefined || found.size === size || digest.isLegacy) &&
    ((await md5OfFile(place, found.size)) === digest.md5 ||
      (digest.isLegacy && (await legacyMd5OfFile(place)) === digest.md5));
  if (!isSame) return 'different';
  if (isExecutable && (found.mode & 0o111) === 0 && !(await lstat(place)).isSymbolicLink()) await chmod(place, 0o755);
  return 'same';
}

/** Absolute paths of the files below a folder; the path itself when it is a file, nothing when there is nothing. */
async function filesBelow(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
