import { laneSums } from '../statistics/lane-sums.ts';
import { differences } from '../statistics/moments.ts';
import type { PairedForm, PairedMeans } from './paired-form.ts';

/** A metric that is the mean of a value per row; null when a value is undefined. */
export function meansForm(
  first: Float64Array,
  second: Float64Array,
  of: PairedMeans['of'] = 'losses',
): PairedForm | null {
  const perRow = differences(second, first);
  if (perRow.length === 0 || perRow.some((value) => !Number.isFinite(value))) return null;
  return {
    kind: 'means',
    of,
    first,
    second,
    lanes: (units) => laneSums([perRow], units.of, units.count, ([sum = 0, rows = 0]) => sum / rows),
  };
}
