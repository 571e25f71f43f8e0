import type { DataChange } from '../contracts/judgement.ts';
import type { Pointer } from '../contracts/pointer.ts';
import type { DatasetPair } from './diff/pair-datasets.ts';

type Pointers = ReadonlyMap<string, Pointer>;

/**
 * What differs between the data of two trees, by path; data that is the same in both is left out. `replaced` are datasets of
 * the run whose path is another one now.
 */
export function dataChanges(base: Pointers, head: Pointers, replaced: readonly DatasetPair[] = []): DataChange[] {
  const moved = replaced.filter((pair) => pair.base.path !== pair.head.path);
  const paths = [...new Set([...base.keys(), ...head.keys(), ...moved.map((pair) => pair.head.path)])].sort();
  return paths.flatMap((path) => {
    const from = moved.find((pair) => pair.head.path === path)?.base.path;
    const before = base.get(from ?? path);
    const after = head.get(path);
    if (before?.integrity === after?.integrity) return [];
    const columnsBefore = columnsOf(before);
    const columnsAfter = columnsOf(after);
    return [
      {
        path,
        ...(from === undefined ? {} : { basePath: from }),
        base: before?.integrity ?? null,
        head: after?.integrity ?? null,
        baseRows: before?.table?.rows ?? null,
        headRows: after?.table?.rows ?? null,
        columnsAdded: columnsAfter.filter((name) => !columnsBefore.includes(name)),
        columnsRemoved: columnsBefore.filter((name) => !columnsAfter.includes(name)),
      },
    ];
  });
}

function columnsOf(pointer: Pointer | undefined): string[] {
  return pointer?.table?.columns.map(({ name }) => name) ?? [];
}
