import type { DataColumn, DataProfile, NumericColumn } from '../../contracts/data-profile.ts';
import type { Bar, ColumnSummary } from '../../contracts/profile-summary.ts';
import { distinctError, estimateDistinct } from './hyper-log-log.ts';
import { standardDeviation } from './moments.ts';
import { nextDown, quantileOf, rankOf } from './quantile-sketch.ts';

const bars = 20;
/** Numbers with at most this many values are shown value by value. */
const fewValues = 24;

/** What the sketches of a column tell. */
export function describeColumn(column: DataColumn, profile: Pick<DataProfile, 'rows'>): ColumnSummary {
  const { name, type, kind, missing } = column;
  const present = profile.rows - missing;
  const values = valuesOf(column);
  const counted = values?.complete === true ? { count: values.list.length, error: 0 } : null;
  return {
    name,
    type,
    kind,
    missing,
    distinct: counted ?? estimated(column, present),
    numbers: 'quantiles' in column ? numbersOf(column) : null,
    values: values !== null && ('top' in column || values.list.length <= fewValues) ? values : null,
    lengths:
      'top' in column && column.kind === 'text' && column.shortest !== null && column.longest !== null
        ? {
            shortest: column.shortest,
            mean: present === 0 ? 0 : column.characters / present,
            longest: column.longest,
            empty: column.empty,
            padded: column.padded,
          }
        : null,
  };
}

function estimated({ distinct }: DataColumn, present: number): ColumnSummary['distinct'] {
  if (distinct === null) return null;
  const estimate = Math.min(present, Math.round(estimateDistinct(distinct.registers)));
  return { count: estimate, error: Math.ceil(estimate * 4 * distinctError) };
}

/** Of a number: the values that fill a cell of the sketch alone, when no other cell holds anything. */
function valuesOf(column: DataColumn): ColumnSummary['values'] {
  if ('top' in column) return { list: column.top.values, complete: column.top.unlistedAtMost === 0 };
  if (column.quantiles === null || column.quantiles.error > 0 || column.kind === 'time') return null;
  const { edges, below } = column.quantiles;
  const list = edges.flatMap((edge, index) => {
    const count = (below[index] ?? 0) - (below[index - 1] ?? 0);
    return count > 0 ? [{ value: String(edge), count }] : [];
  });
  return { list: list.sort((left, right) => right.count - left.count), complete: column.infinite === 0 };
}

function numbersOf(column: NumericColumn): ColumnSummary['numbers'] {
  const { quantiles, moments, min, max, infinite } = column;
  if (quantiles === null || min === null || max === null) return null;
  const whole = column.kind === 'integer';
  const at = (q: number) => quantileOf(quantiles, q, whole) ?? min;
  const negatives = Math.round(rankOf(quantiles, whole ? -1 : nextDown(0)));
  return {
    mean: moments === null || moments.n === 0 ? null : moments.mean,
    std: moments === null ? null : standardDeviation(moments),
    min,
    p5: at(0.05),
    quartiles: [at(0.25), at(0.5), at(0.75)],
    p95: at(0.95),
    max,
    negatives,
    zeros: Math.round(rankOf(quantiles, 0)) - negatives,
    infinite,
    error: quantiles.error,
    bars: barsOf(column, min, max),
  };
}

/** Bars of equal width over the whole range; whole numbers are never cut into bars narrower than one. */
function barsOf({ quantiles, kind }: NumericColumn, min: number, max: number): Bar[] {
  if (quantiles === null) return [];
  if (min === max) return [{ from: min, to: max, count: quantiles.below.at(-1) ?? 0 }];
  const whole = kind === 'integer';
  const from = whole ? min - 1 : min;
  const span = max - from;
  const width = whole ? Math.ceil(span / Math.min(bars, span)) : span / bars;
  if (!Number.isFinite(width)) return [];
  const count = whole ? Math.ceil(span / width) : bars;
  let before = 0;
  return Array.from({ length: count }, (_, index) => {
    const [left, right] = [from + index * width, index === count - 1 ? max : from + (index + 1) * width];
    const below = rankOf(quantiles, right);
    const bar = { from: whole ? left + 1 : left, to: right, count: Math.round(below - before) };
    before = below;
    return bar;
  });
}
