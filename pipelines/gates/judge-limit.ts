import type { Interval } from '../contracts/common.ts';
import type { Judged } from './judged.ts';
import { printNumber } from './print-number.ts';

/**
 * A fixed limit. The value itself decides: a limit is a promise about what is measured, and its interval says how sure
 * the measurement is, which the message adds when the interval reaches past the limit.
 */
export function judgeLimit(
  measured: { name: string; value: number; interval: Interval | null; n: number | null },
  limit: { min: number } | { max: number },
): Judged {
  const { name, value, interval, n } = measured;
  const bound = 'min' in limit ? limit.min : limit.max;
  const holds = 'min' in limit ? value >= bound : value <= bound;
  const beyond = value < bound ? 'below' : 'above';
  const rule = 'min' in limit ? 'at least' : 'at most';
  const reaches = interval !== null && interval.low <= bound && interval.high >= bound;
  const range =
    interval === null ? '' : `; 95 % interval ${printNumber(interval.low)} to ${printNumber(interval.high)}`;
  const distance = `${printNumber(Math.abs(value - bound))} ${beyond} the limit`;
  return {
    status: holds ? 'pass' : 'fail',
    observed: value,
    limit: bound,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    n,
    message: `${name} ${printNumber(value)} is ${value === bound ? 'at the limit' : distance}, allowed ${rule} ${printNumber(bound)}${range}${reaches ? ', which includes the limit' : ''}`,
  };
}
