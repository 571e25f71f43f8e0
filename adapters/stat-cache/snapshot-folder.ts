import { buildRun, type FolderSum, joinParts, type NamedObject } from '../../pipelines/data/store/build-folder.ts';
import { splitFolder } from '../../pipelines/data/store/split-folder.ts';
import type { TreeEntry, TreePart } from '../../pipelines/data/store/tree.ts';
import { type CachedRun, type FolderRuns, type StatCache, statLength } from './open-stat-cache.ts';
import type { ScannedFolder } from './scan-folder.ts';

const digestLength = 64;

/** A run of entries, from `start` up to `end`; `settled` when its stat says that it is what it was. */
type Run = { start: number; end: number; settled: CachedRun | null };

/** A folder on disk with what is known of its files. `path` is relative to the root of the snapshot, '' for it. */
export type FolderSnapshot = {
  path: string;
  names: readonly string[];
  stats: Float64Array;
  /** 64 bytes for each entry; filled for all but settled runs once `missing` have been read. */
  digests: Uint8Array;
  runs: Run[];
  folders: Map<string, FolderSnapshot>;
  /** Entries whose bytes have to be read. */
  missing: number[];
  /** Set by `closeSnapshot`: what the folder and each of its runs came to. */
  sum: FolderSum | null;
  parts: readonly TreePart[];
};

/** Compares a scan with the cache. With `all`, digests of settled runs are loaded too. `key` names the root in the cache. */
export function openSnapshot(scanned: ScannedFolder, cache: StatCache, key: string, all: boolean): FolderSnapshot {
  return open(scanned, '', { cache, key, all });
}

function open(
  scanned: ScannedFolder,
  path: string,
  context: { cache: StatCache; key: string; all: boolean },
): FolderSnapshot {
  const { names, stats } = scanned;
  const at = (name: string) => (path === '' ? name : `${path}/${name}`);
  const folders = new Map([...scanned.folders].map(([name, below]) => [name, open(below, at(name), context)]));
  const where = cacheKey(context.key, path);
  const cached = new Map(context.cache.runs(where).map((run) => [run.first, run]));
  const runs: Run[] = [];
  let start = 0;
  for (const run of splitFolder(names, (name) => name, 0)) {
    const end = start + run.length;
    const known = cached.get(run[0] ?? '');
    const same =
      known !== undefined &&
      !run.some((name) => folders.has(name)) &&
      known.names === run.join('\0') &&
      equalNumbers(known.stats, stats.subarray(start * statLength, end * statLength));
    runs.push({ start, end, settled: same ? known : null });
    start = end;
  }
  const snapshot: FolderSnapshot = {
    path,
    names,
    stats,
    digests: new Uint8Array(0),
    runs,
    folders,
    missing: [],
    sum: null,
    parts: [],
  };
  if (context.all || runs.some(({ settled }) => settled === null)) fillKnown(snapshot, cached, where, context.cache);
  return snapshot;
}

/** Takes digests from the cache entry by entry, and notes those that it does not have. */
function fillKnown(
  snapshot: FolderSnapshot,
  cached: ReadonlyMap<string, CachedRun>,
  where: string,
  cache: StatCache,
): void {
  const { names, stats, folders, runs } = snapshot;
  snapshot.digests = new Uint8Array(names.length * digestLength);
  const digests = cache.digests(where);
  const before = openCachedNames(cached, digests);
  for (const { start, end, settled } of runs) {
    const own = settled === null ? undefined : digests.get(settled.first);
    if (own?.length === (end - start) * digestLength) {
      snapshot.digests.set(own, start * digestLength);
      continue;
    }
    for (let index = start; index < end; index += 1) {
      const name = names[index] ?? '';
      if (folders.has(name)) continue;
      const known = before.find(name);
      const now = stats.subarray(index * statLength, (index + 1) * statLength);
      if (known?.digest.length === digestLength && equalNumbers(known.stats, now)) {
        snapshot.digests.set(known.digest, index * digestLength);
      } else snapshot.missing.push(index);
    }
  }
}

/** Finds what the cache knows of names that are asked for in their order, in one walk over those that it has. */
function openCachedNames(cached: ReadonlyMap<string, CachedRun>, digests: ReadonlyMap<string, Uint8Array>) {
  const ordered = [...cached.values()].sort((left, right) => (left.first < right.first ? -1 : 1));
  let current = -1;
  let names: string[] = [];
  let at = 0;
  return {
    find(name: string): { stats: Float64Array; digest: Uint8Array } | null {
      const from = current;
      for (let next = ordered[current + 1]; next !== undefined && next.first <= name; next = ordered[current + 1]) {
        current += 1;
      }
      if (current !== from) {
        names = (ordered[current]?.names ?? '').split('\0');
        at = 0;
      }
      while (at < names.length && (names[at] ?? '') < name) at += 1;
      const run = ordered[current];
      if (run === undefined || names[at] !== name) return null;
      return {
        stats: run.stats.subarray(at * statLength, (at + 1) * statLength),
        digest: (digests.get(run.first) ?? new Uint8Array(0)).subarray(at * digestLength, (at + 1) * digestLength),
      };
    },
  };
}

/** Loads the digests of a folder all of whose runs are settled. */
export function loadDigests(folder: FolderSnapshot, cache: StatCache, key: string): void {
  if (folder.digests.length > 0) return;
  const where = cacheKey(key, folder.path);
  fillKnown(folder, new Map(cache.runs(where).map((run) => [run.first, run])), where, cache);
}

/** Every folder of a snapshot, children before their parents. */
export function* foldersOf(snapshot: FolderSnapshot): Iterable<FolderSnapshot> {
  for (const below of snapshot.folders.values()) yield* foldersOf(below);
  yield snapshot;
}

/** Entries of a run as a tree object lists them; folders below must be closed. */
export function entriesOf(folder: FolderSnapshot, start: number, end: number): TreeEntry[] {
  return folder.names.slice(start, end).map((name, offset) => {
    const index = start + offset;
    const below = folder.folders.get(name)?.sum;
    if (below !== undefined && below !== null) return { name, type: 'directory', ...below };
    return { name, type: 'file', integrity: integrityAt(folder, index), size: sizeAt(folder, index) };
  });
}

/**
 * Computes the trees bottom up once no digest is missing, and remembers what is certain: a file younger than the clock
 * of its file system can tell is read again next time. `scannedAt` is in milliseconds. Objects of settled runs are made
 * only where `lacks` says that the store does not have them; `keep` takes each object that it lacks.
 */
export function closeSnapshot(root: FolderSnapshot, context: Closing): FolderSum {
  context.cache.saveRuns(closeFolders(root, context));
  return root.sum ?? joinParts([]);
}

type Closing = {
  cache: StatCache;
  key: string;
  scannedAt: number;
  lacks(integrity: string): boolean;
  keep(object: NamedObject): void;
};

/** Closes each folder and yields what is new to the cache. */
function* closeFolders(root: FolderSnapshot, context: Closing): Iterable<[folder: string, runs: FolderRuns]> {
  for (const folder of foldersOf(root)) {
    const { sum, parts } = closeFolder(folder, context);
    folder.sum = sum;
    folder.parts = parts;
    if (folder.runs.every(({ settled }) => settled !== null)) continue;
    const kept = folder.runs.flatMap(({ settled }) => (settled === null ? [] : [settled.first]));
    yield [cacheKey(context.key, folder.path), { kept, read: readRuns(folder, context.scannedAt) }];
  }
}

function* readRuns({ runs, parts, names, stats, digests }: FolderSnapshot, scannedAt: number) {
  for (const [index, { start, end, settled }] of runs.entries()) {
    const part = parts[index];
    if (settled !== null || part === undefined) continue;
    yield {
      ...part,
      names: names.slice(start, end).join('\0'),
      stats: certain(stats.subarray(start * statLength, end * statLength), scannedAt),
      digests: digests.subarray(start * digestLength, end * digestLength),
    };
  }
}

function closeFolder(folder: FolderSnapshot, { lacks, keep }: Closing) {
  const parts = folder.runs.map(({ start, end, settled }) => {
    const first = folder.names[start] ?? '';
    if (settled !== null && !lacks(settled.integrity)) {
      return { first, integrity: settled.integrity, size: settled.size, files: settled.files };
    }
    const { object, ...sum } = buildRun(entriesOf(folder, start, end));
    if (lacks(sum.integrity)) keep(object);
    return { first, ...sum };
  });
  const { objects: above, ...sum } = joinParts(parts);
  for (const object of above) if (lacks(object.integrity)) keep(object);
  return { sum, parts };
}

export function integrityAt(folder: FolderSnapshot, index: number): string {
  const digest = folder.digests.subarray(index * digestLength, (index + 1) * digestLength);
  return `sha512-${Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('base64')}`;
}

export function sizeAt(folder: FolderSnapshot, index: number): number {
  return folder.stats[index * statLength] ?? 0;
}

/** A copy in which files that may still change without a trace stand for nothing. */
export function certain(stats: Float64Array, scannedAt: number): Float64Array {
  const copy = Float64Array.from(stats);
  for (let at = 0; at < copy.length; at += statLength) {
    const mtime = copy[at + 1] ?? 0;
    const youngest = Math.max(mtime, copy[at + 2] ?? 0);
    // Clocks of file systems tick every few milliseconds; those without fractions of a second, every one or two seconds.
    const tick = mtime % 1000 === 0 ? 2100 : 50;
    if (youngest > scannedAt - tick) copy.fill(Number.NaN, at, at + statLength);
  }
  return copy;
}

export function equalNumbers(left: Float64Array, right: Float64Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

function cacheKey(key: string, path: string): string {
  return path === '' ? key : `${key}/${path}`;
}
