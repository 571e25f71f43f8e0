import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { nameGroup } from './name-group.ts';

/** How a missing value is called in a column of groups that was read as text. */
const MISSING = '(missing)';

export type CrossedColumn = {
  by: string;
  columns: string[];
  codes: Float64Array;
  groups: { group: string; values: (string | null)[] }[];
};

/** Groups of one column, or of every pair of values of several that occurs, in the order of their values. */
export function crossColumns(by: string, columns: readonly GroupColumn[], rows: number): CrossedColumn {
  const keys = new Float64Array(rows);
  for (const { codes, names } of columns) {
    for (let row = 0; row < rows; row += 1) keys[row] = (keys[row] ?? 0) * names.length + (codes[row] ?? 0);
  }
  const present = [...new Set(keys)].sort((left, right) => left - right);
  const places = new Map(present.map((key, at) => [key, at]));
  return {
    by,
    columns: columns.map((column) => column.by),
    codes: keys.map((key) => places.get(key) ?? 0),
    groups: present.map((key) => {
      const values = valuesOf(key, columns);
      return { group: nameGroup(values), values };
    }),
  };
}

function valuesOf(key: number, columns: readonly GroupColumn[]): (string | null)[] {
  let left = key;
  return columns
    .toReversed()
    .map(({ names }) => {
      const name = names[left % names.length] ?? MISSING;
      left = Math.floor(left / names.length);
      return name === MISSING ? null : name;
    })
    .toReversed();
}
