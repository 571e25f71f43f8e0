/** Entries of one part of a folder, on average. */
const mean = 256;

/**
 * Which names of a folder begin a new part, at level 0 for entries and at each higher level for the parts below. It
 * depends on the name alone, so adding, changing or removing one entry touches one part of each level and no other.
 */
export function beginsPart(name: string, level: number): boolean {
  return level <= 3 && (hashName(name) >>> (8 * level)) % mean === 0;
}

/** Groups what is sorted by name into runs, each but the first beginning where `beginsPart` says so. */
export function splitFolder<Item>(items: readonly Item[], nameOf: (item: Item) => string, level: number): Item[][] {
  const runs: Item[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last === undefined || beginsPart(nameOf(item), level)) runs.push([item]);
    else last.push(item);
  }
  return runs;
}

/** FNV-1a over UTF-16 code units, stirred so that all bits are of use. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
