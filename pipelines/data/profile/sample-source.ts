import type { OpenTable } from '../open-table.ts';

/** Rows that are fetched for choosing edges and for correlations. */
const sampleRows = 131_072;
/** The rows to look at one by one: all of a small table; of a large one those whose number hashes well, the same every time. */
export function sampleSource(
  { source, columns, rowNumber }: OpenTable,
  rows: number,
): { source: string; share: number } {
  if (rows <= sampleRows) return { source, share: 1 };
  const every = Math.ceil(rows / sampleRows);
  const taken = columns.some(({ name }) => name.toLowerCase() === rowNumber);
  // A column of that name hides the number; a sample by chance is the next best thing.
  const sample = taken
    ? `(SELECT * FROM ${source} USING SAMPLE ${100 / every} PERCENT (bernoulli, 7))`
    : `(SELECT * FROM ${source} WHERE hash(${rowNumber}) % ${every} = 0)`;
  return { source: sample, share: 1 / every };
}
