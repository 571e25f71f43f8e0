import { chmod, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { DvcDigest, DvcOut } from '../../pipelines/data/dvc/dvc-out.ts';
import { parseDvcDirectory } from '../../pipelines/data/dvc/parse-dvc-directory.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { inLanes } from '../remotes/in-lanes.ts';
import { comparePlaces, type Wanted } from './compare-places.ts';
import type { DvcRepository } from './open-dvc-repository.ts';

/** Files on their way at once. */
const lanes = 8;

/**
 * Puts what an out names in its place below `directory`, and leaves alone what is there already. Bytes that differ are
 * replaced, and files of an earlier version of a folder removed, only when the cache or the remote has them; otherwise
 * `data-differs` is thrown before anything is touched. Every file appears whole, and after an interruption the next call
 * brings what is still missing. `report` hears of the bytes of each file brought.
 * Returns how many files were placed or removed, and the `extra` ones that were left.
 */
export async function pullDvcOut(
  out: DvcOut,
  {
    directory,
    repository,
    report = () => {},
  }: { directory: string; repository: DvcRepository; report?: (bytes: number) => void },
): Promise<{ changed: number; extra: string[] }> {
  const root = resolve(directory);
  const place = join(root, out.path);
  await requireInside(root, dirname(place), out.path);
  const wanted = out.digest.isDirectory ? await readListing(out, place, repository) : [fileOf(out, place)];
  const { missing, stale, extra } = await comparePlaces(out, place, wanted, repository);
  for (const file of stale) await rm(file);
  const checked = new Map<string, Promise<void>>();
  await inLanes(missing, lanes, async ({ place: file, digest, isExecutable }) => {
    const folder = dirname(file);
    const check = checked.get(folder) ?? requireInside(root, folder, out.path);
    checked.set(folder, check);
    await check;
    await fetchFor(out, digest, file, repository);
    if (isExecutable) await chmod(file, 0o755);
    report((await stat(file)).size);
  });
  return { changed: missing.length + stale.length, extra: extra.map((file) => relative(root, file)) };
}

function fileOf({ digest, isExecutable, size }: DvcOut, place: string): Wanted {
  return { place, digest, isExecutable, ...(size === undefined ? {} : { size }) };
}

async function readListing(out: DvcOut, place: string, repository: DvcRepository): Promise<Wanted[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-'));
  try {
    const listing = join(folder, 'listing');
    await fetchFor(out, out.digest, listing, repository);
    const entries = parseDvcDirectory(await readFile(listing, 'utf8'), `${out.digest.md5}.dir of ${out.file}`);
    return entries.map(({ path, md5, isExecutable }) => ({
      place: join(place, path),
      digest: { md5, isDirectory: false, isLegacy: out.digest.isLegacy },
      isExecutable,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Data that was imported is often in no remote, because DVC can bring it from where it came. */
async function fetchFor(out: DvcOut, digest: DvcDigest, file: string, repository: DvcRepository): Promise<void> {
  try {
    await repository.fetch(digest, file, out.remote);
  } catch (cause) {
    const isImported = out.importedFrom !== undefined && cause instanceof PulltrainError;
    if (!isImported || cause.code !== 'content-missing') throw cause;
    throw new PulltrainError('content-missing', {
      ...cause.parts,
      cure: `It was imported from ${out.importedFrom}: bring it with "dvc pull ${out.file}".`,
    });
  }
}

/** Follows the links of what is there, so that nothing is written outside of the repository through them. */
async function requireInside(root: string, folder: string, path: string): Promise<void> {
  let there = folder;
  while (there !== root && (await stat(there).catch(() => null)) === null) there = dirname(there);
  const inside = relative(await realpath(root), await realpath(there));
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return;
  throw new PulltrainError('path-outside', { what: 'the path leads out of the repository', where: path });
}
