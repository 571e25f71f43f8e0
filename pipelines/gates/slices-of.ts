import type { Comparison, SliceMetric } from '../contracts/comparison.ts';
import { detectableChange } from '../statistics/detectable-change.ts';

type AskedSlices = {
  metric: string;
  slice?: Readonly<Record<string, string>> | undefined;
  slices?: 'all' | readonly string[] | undefined;
  min_rows: number;
};

/** The slices that a gate asks for: those it can judge, and the names of those that are too small or undefined. */
export function slicesOf(
  { sliceMetrics = [] }: Pick<Comparison, 'sliceMetrics'>,
  asked: AskedSlices,
): { found: { name: string; measured: SliceMetric & { detectable: number | null } }[]; left: string[] } {
  const matching = sliceMetrics.filter((one) => one.metric === asked.metric && isAsked(one.slice, asked));
  const left: string[] = [];
  const found = matching.flatMap((measured) => {
    const name = sliceName(measured.slice);
    if (measured.n < asked.min_rows) left.push(`${name} (${measured.n} of ${asked.min_rows} rows)`);
    else if (measured.head === null) left.push(`${name} (undefined there)`);
    else
      return [{ name, measured: { ...measured, detectable: detectableChange(measured.delta?.standardError ?? null) } }];
    return [];
  });
  return { found, left };
}

/** `region east`, and for several columns at once `region east, airline AA`. */
function sliceName(slice: SliceMetric['slice']): string {
  return slice.length === 0 ? 'all rows' : slice.map(({ by, group }) => `${by} ${group}`).join(', ');
}

function isAsked(slice: SliceMetric['slice'], { slice: one, slices }: AskedSlices): boolean {
  if (one !== undefined) {
    return (
      slice.length === Object.keys(one).length &&
      slice.every(({ by, group }) => Object.hasOwn(one, by) && one[by] === group)
    );
  }
  if (slices === undefined) return slice.length === 0;
  const [only, ...more] = slice;
  return only !== undefined && more.length === 0 && (slices === 'all' || slices.includes(only.by));
}
