import type { Comparison, MetricChange } from '../contracts/comparison.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import type { Judged } from './judged.ts';
import { printChange, printNumber } from './print-number.ts';

/** One-sided confidence of a judgement; the printed interval is two-sided at 95 %. */
const ONE_SIDED = 0.95;

/**
 * Non-inferiority in three ways, for a change oriented so that more is better: `pass` when its one-sided 95 % lower bound
 * lies above minus the margin, `fail` when its upper bound lies below (shown to be worse than allowed), `inconclusive`
 * between. Equal predictions pass; without a base there is nothing to be inferior to.
 */
export function judgeNoninferiority(
  metric: MetricChange,
  margin: number,
  comparison: Pick<Comparison, 'base' | 'identical'>,
): Judged {
  const { name, base, head, delta, direction, n } = metric;
  const limit = direction === 'higher' ? -margin : margin;
  const judged = { observed: delta?.value ?? null, limit, low: delta?.low ?? null, high: delta?.high ?? null, n };
  if (comparison.base === null) {
    return { ...judged, status: 'pass', message: `no base to compare with; ${name} is ${printNumber(head)}` };
  }
  if (base === null || delta === null) {
    const message = `${name} is ${printNumber(head)}, and undefined for the base`;
    return { ...judged, status: 'inconclusive', message };
  }
  if (comparison.identical) {
    return { ...judged, status: 'pass', message: `the same predictions as base, ${name} ${printNumber(base)}` };
  }
  const orient = direction === 'higher' ? 1 : -1;
  const { lower, upper } = bounds(delta, orient);
  const status = lower > -margin ? 'pass' : upper < -margin ? 'fail' : 'inconclusive';
  const where = delta.value === 0 ? 'the same as' : delta.value > 0 ? 'above' : 'below';
  const distance = delta.value === 0 ? '' : `${printNumber(Math.abs(delta.value))} `;
  const allowed = `allowed ${printNumber(margin)} ${direction === 'higher' ? 'below' : 'above'}`;
  const evidence = status === 'inconclusive' ? '; too few rows to tell' : '';
  const interval = `95 % interval ${printChange(delta.low)} to ${printChange(delta.high)}`;
  const message = `${printNumber(head)} is ${distance}${where} base ${printNumber(base)}, ${allowed}; ${interval}${evidence}`;
  return { ...judged, status, message };
}

/** One-sided bounds from the standard error, or the wider two-sided ones where a method gives none. */
function bounds(
  { value, low, high, standardError }: NonNullable<MetricChange['delta']>,
  orient: 1 | -1,
): { lower: number; upper: number } {
  const reach = standardError === null ? null : normalQuantile(ONE_SIDED) * standardError;
  if (reach !== null) return { lower: orient * value - reach, upper: orient * value + reach };
  return orient === 1 ? { lower: low, upper: high } : { lower: -high, upper: -low };
}
