import type { FairnessMeasure } from '../contracts/fairness.ts';
import type { NormalFact } from './group-facts.ts';

/** Which group each row is in, counted from 0. */
export type Grouping = { codes: Float64Array; groups: number };

/**
 * Mean of a value of every row, group by group, with its standard error, and with that of the difference where the base
 * has a value too. Undefined (NaN) without rows; without an error for a single row.
 */
export function meanFacts(
  measure: FairnessMeasure,
  head: Float64Array,
  base: Float64Array | null,
  grouping: Grouping,
): NormalFact[] {
  const n = countRows(grouping);
  const after = momentsOf(head, null, n, grouping);
  const before = base === null ? null : momentsOf(base, null, n, grouping);
  const change = base === null ? null : momentsOf(head, base, n, grouping);
  return Array.from(n, (rows, group) => ({
    measure,
    n: rows,
    head: estimateAt(after, group),
    base: before === null ? null : estimateAt(before, group),
    changeError: change === null ? null : estimateAt(change, group).error,
  }));
}

export function countRows({ codes, groups }: Grouping): Uint32Array {
  const n = new Uint32Array(groups);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    n[code] = (n[code] ?? 0) + 1;
  }
  return n;
}

type Moments = { means: Float64Array; errors: Float64Array };

function estimateAt({ means, errors }: Moments, group: number): { value: number; error: number } {
  return { value: means[group] ?? Number.NaN, error: errors[group] ?? Number.NaN };
}

/** Of `values`, or of `values - less`; in two passes, so that large values lose nothing. */
function momentsOf(
  values: Float64Array,
  less: Float64Array | null,
  n: Uint32Array,
  { codes, groups }: Grouping,
): Moments {
  const means = new Float64Array(groups);
  const errors = new Float64Array(groups);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    means[code] = (means[code] ?? 0) + (values[row] ?? 0) - (less === null ? 0 : (less[row] ?? 0));
  }
  for (let group = 0; group < groups; group += 1) means[group] = (means[group] ?? 0) / (n[group] ?? 0);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? 0;
    const off = (values[row] ?? 0) - (less === null ? 0 : (less[row] ?? 0)) - (means[code] ?? 0);
    errors[code] = (errors[code] ?? 0) + off * off;
  }
  for (let group = 0; group < groups; group += 1) {
    const rows = n[group] ?? 0;
    errors[group] = rows < 2 ? Number.NaN : Math.sqrt((errors[group] ?? 0) / (rows - 1) / rows);
  }
  return { means, errors };
}
