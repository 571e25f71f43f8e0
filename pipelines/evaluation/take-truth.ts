import { take } from '../statistics/take.ts';
import type { LoadedHoldout } from './load-holdout.ts';

type Truth = Pick<LoadedHoldout, 'labels' | 'classes' | 'labelColumns' | 'queries'>;

/** The truth of the given rows, in their order. */
export function takeTruth({ labels, classes, labelColumns, queries }: Truth, rows: Uint32Array): Truth {
  return {
    labels: take(labels, rows),
    classes,
    ...(labelColumns && { labelColumns: labelColumns.map((column) => take(column, rows)) }),
    ...(queries && { queries: take(queries, rows) }),
  };
}
