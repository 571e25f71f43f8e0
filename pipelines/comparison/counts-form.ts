import { laneCounts } from '../statistics/lane-counts.ts';
import type { PairedForm } from './paired-form.ts';

/** A metric of counts of cells; null where it is undefined. */
export function countsForm(
  { cellOf, counts }: { cellOf: Uint32Array; counts: Float64Array },
  of: (counts: Float64Array) => number,
): PairedForm | null {
  if (Number.isNaN(of(counts))) return null;
  return {
    kind: 'counts',
    counts,
    of,
    lanes: (units) => laneCounts(cellOf, counts.length, units.of, of),
  };
}
