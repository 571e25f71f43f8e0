import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { statLength } from './open-stat-cache.ts';

/** A folder as it lies on disk, entries sorted by name. */
export type ScannedFolder = {
  names: string[];
  /** `statLength` numbers for each entry, zeros for a folder. */
  stats: Float64Array;
  folders: Map<string, ScannedFolder>;
};

/** Something in a folder that cannot be kept; the path is absolute. */
export type ScanFault = { path: string; what: string };

/** Names that we give to files on their way. */
const ours = /^\.pulltrain-/;

/**
 * Looks at everything below a folder without reading a file. A symbolic link counts as the file it leads to, if that
 * lies inside `boundary`. What cannot be kept is gathered in `faults`: links that lead out, nowhere or to a folder,
 * names that are not UTF-8, sockets, pipes and devices.
 */
export function scanFolder(directory: string, boundary: string): { folder: ScannedFolder; faults: ScanFault[] } {
  const faults: ScanFault[] = [];
  return { folder: scan(directory, boundary, faults), faults };
}

function scan(directory: string, boundary: string, faults: ScanFault[]): ScannedFolder {
  const entries = listFolder(directory, faults);
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  const names: string[] = [];
  const stats = new Float64Array(entries.length * statLength);
  const folders = new Map<string, ScannedFolder>();
  for (const entry of entries) {
    const path = `${directory}${sep}${entry.name}`;
    if (entry.isDirectory()) {
      folders.set(entry.name, scan(path, boundary, faults));
      names.push(entry.name);
      continue;
    }
    const found = look(path, entry.isSymbolicLink(), boundary);
    if (typeof found === 'string') {
      faults.push({ path, what: found });
      continue;
    }
    setStats(stats, names.length, found);
    names.push(entry.name);
  }
  return { names, stats: stats.subarray(0, names.length * statLength), folders };
}

function listFolder(directory: string, faults: ScanFault[]) {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter(({ name }) => !ours.test(name));
  } catch (cause) {
    faults.push({
      path: directory,
      what: `the folder cannot be read (${cause instanceof Error ? cause.message : cause})`,
    });
    return [];
  }
}

/** Stat of a file that can be kept, or why it cannot. */
function look(path: string, isLink: boolean, boundary: string): Stats | string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    return path.includes('\ufffd') ? 'the name is not UTF-8: rename it' : 'the file was removed meanwhile';
  }
  if (!isLink) return found.isFile() ? found : 'neither a file nor a folder';
  return lookThroughLink(path, boundary);
}

function lookThroughLink(path: string, boundary: string): Stats | string {
  let target: string;
  try {
    target = realpathSync(path);
  } catch {
    return 'a symbolic link that leads nowhere';
  }
  const inside = relative(boundary, target);
  if (inside === '..' || inside.startsWith(`..${sep}`)) return 'a symbolic link leads out of the repository';
  const found = statSync(target);
  if (found.isDirectory()) return 'a symbolic link to a folder: add that folder itself';
  return found.isFile() ? found : 'a symbolic link to what is no file';
}

export function setStats(stats: Float64Array, index: number, { size, mtimeMs, ctimeMs, ino }: Stats): void {
  const at = index * statLength;
  stats[at] = size;
  stats[at + 1] = mtimeMs;
  stats[at + 2] = ctimeMs;
  stats[at + 3] = ino;
}
