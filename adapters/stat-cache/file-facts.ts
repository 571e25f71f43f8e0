import type { Stats } from 'node:fs';
import { type StatCache, statLength } from './open-stat-cache.ts';
import { setStats } from './scan-folder.ts';
import { certain, equalNumbers } from './snapshot-folder.ts';

/** Integrity of a file that looks as it did when it was last read, or null. */
export function recallFile(cache: StatCache, path: string, found: Stats): string | null {
  const known = cache.file(path);
  return known !== null && equalNumbers(known.stats, numbersOf(found)) ? known.integrity : null;
}

/** Remembers what a file came to; `found` is its stat of before it was read, `at` the time of that in milliseconds. */
export function rememberFile(cache: StatCache, path: string, found: Stats, integrity: string, at: number): void {
  cache.saveFile(path, { stats: certain(numbersOf(found), at), integrity });
}

function numbersOf(found: Stats): Float64Array {
  const numbers = new Float64Array(statLength);
  setStats(numbers, 0, found);
  return numbers;
}
