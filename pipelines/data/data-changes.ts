import type { DataChange } from '../contracts/judgement.ts';
import type { Pointer } from '../contracts/pointer.ts';

type Pointers = ReadonlyMap<string, Pointer>;

/** What differs between the data of two trees, by path; data that is the same in both is left out. */
export function dataChanges(base: Pointers, head: Pointers): DataChange[] {
  const paths = [...new Set([...base.keys(), ...head.keys()])].sort();
  return paths.flatMap((path) => {
    const before = base.get(path);
    const after = head.get(path);
    if (before?.integrity === after?.integrity) return [];
    const columnsBefore = columnsOf(before);
    const columnsAfter = columnsOf(after);
    return [
      {
        path,
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
