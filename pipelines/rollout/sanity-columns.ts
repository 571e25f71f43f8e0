import type { ColumnProfile, Profile } from '../contracts/profile.ts';

export type SanityColumn = { name: string; datatype: string; data: (number | string | boolean)[] };

/** Rows that a first look at a model asks for. */
const rows = 8;

/**
 * A few rows from the range that the release was judged on: every input walks through the edges of its own profile, so
 * that low, middle and high values all occur. An input without a profile is zero or empty.
 */
export function sanityColumns(
  inputs: readonly { name: string; datatype: string }[],
  profile: Pick<Profile, 'columns'>,
): SanityColumn[] {
  return inputs.map(({ name, datatype }) => {
    const column = profile.columns.find((one) => one.name === name);
    return { name, datatype, data: Array.from({ length: rows }, (_, row) => sampleOf(column, datatype, row)) };
  });
}

function sampleOf(column: ColumnProfile | undefined, datatype: string, row: number): number | string | boolean {
  if (datatype === 'BOOL') return row % 2 === 1;
  if (column?.type === 'categorical') {
    const categories = Object.keys(column.counts);
    const category = categories[row % Math.max(1, categories.length)] ?? '';
    return datatype === 'BYTES' ? category : 0;
  }
  if (datatype === 'BYTES') return '';
  const edges = column?.edges ?? [];
  const value = edges[Math.round((row / (rows - 1)) * (edges.length - 1))] ?? 0;
  return datatype.startsWith('FP') ? value : Math.round(value);
}
