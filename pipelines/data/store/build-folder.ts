import { integrityOf } from '../../integrity.ts';
import { splitFolder } from './split-folder.ts';
import { encodeTree, type TreeEntry, type TreePart } from './tree.ts';

/** An object to be stored under its integrity. */
export type NamedObject = { integrity: string; text: string };

/** What a folder comes to: its integrity, and the bytes and files below it. */
export type FolderSum = { integrity: string; size: number; files: number };

/** The object of one run of entries. `entries` are sorted by name and are a part of a folder or all of it. */
export function buildRun(entries: readonly TreeEntry[]): FolderSum & { object: NamedObject } {
  const object = named(encodeTree({ entries }));
  let size = 0;
  let files = 0;
  for (const entry of entries) {
    size += entry.size;
    files += entry.type === 'file' ? 1 : entry.files;
  }
  return { integrity: object.integrity, size, files, object };
}

/** The root of a folder from its parts, with as many levels between as its size needs, and their objects. */
export function joinParts(parts: readonly TreePart[]): FolderSum & { objects: NamedObject[] } {
  const objects: NamedObject[] = [];
  let current = [...parts];
  for (let level = 1; current.length > 1; level += 1) {
    current = splitFolder(current, ({ first }) => first, level).map((run) => {
      const object = named(encodeTree({ parts: run }));
      objects.push(object);
      const sum = (key: 'size' | 'files') => run.reduce((total, part) => total + part[key], 0);
      return { first: run[0]?.first ?? '', integrity: object.integrity, size: sum('size'), files: sum('files') };
    });
  }
  const [root] = current;
  if (root === undefined) {
    const { object, ...empty } = buildRun([]);
    return { ...empty, objects: [object] };
  }
  return { integrity: root.integrity, size: root.size, files: root.files, objects };
}

function named(text: string): NamedObject {
  return { integrity: integrityOf(text), text };
}
