import type { Delta } from '../contracts/comparison.ts';
import type { BinaryRows } from '../evaluation/judged-rows.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { delongDifference } from '../statistics/delong-difference.ts';
import { normalInterval } from '../statistics/normal-interval.ts';

/** DeLong's test of two correlated areas under the ROC curve. */
export function compareArea({ first, second }: { first: BinaryRows; second: BinaryRows }, level: number): Delta | null {
  const of = (rows: BinaryRows) => delongComponents(rows.labels, rows.scores, rows.order());
  const { value, standardError, p } = delongDifference(of(first), of(second));
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return null;
  const statistic = value === 0 ? 0 : standardError === 0 ? null : value / standardError;
  return {
    value,
    ...normalInterval(value, standardError, level),
    method: 'DeLong',
    p,
    standardError,
    n: first.labels.length,
    tests: [{ name: 'DeLong', statistic, p }],
  };
}
