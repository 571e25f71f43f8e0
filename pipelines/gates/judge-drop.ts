import type { Comparison } from '../contracts/comparison.ts';
import { amountOf } from './amount-of.ts';
import type { Change } from './claim-change.ts';
import type { Judged } from './judged.ts';
import { printChange, printNumber } from './print-number.ts';

/**
 * A limit on how much worse than the base a value may be, whichever way is worse. The value itself decides, as for a fixed
 * limit; the message adds what these rows can show, because a drop smaller than that may be chance.
 */
export function judgeDrop(
  { name, direction, base, head, delta, detectable, n }: Change,
  amount: number | string,
  comparison: Pick<Comparison, 'base' | 'identical'>,
): Judged {
  const unmeasured = { observed: null, limit: null, low: null, high: null, n };
  const seen = head === null ? 'undefined' : printNumber(head);
  if (comparison.base === null) {
    return { ...unmeasured, status: 'pass', message: `no base to compare with; ${name} is ${seen}` };
  }
  if (base === null || head === null) {
    const message = `${name} is ${seen}, and ${base === null ? 'undefined' : printNumber(base)} for the base`;
    return { ...unmeasured, status: 'inconclusive', message };
  }
  const allowed = amountOf(amount, base);
  const orient = direction === 'higher' ? 1 : -1;
  const change = comparison.identical ? 0 : (delta?.value ?? head - base);
  const status = orient * change >= -allowed ? 'pass' : 'fail';
  const where = change === 0 ? 'the same as' : `${printNumber(Math.abs(change))} ${change > 0 ? 'above' : 'below'}`;
  const rule = `allowed ${printNumber(allowed)}${typeof amount === 'string' ? ` (${amount})` : ''} ${direction === 'higher' ? 'below' : 'above'}`;
  const interval =
    delta === null || comparison.identical
      ? ''
      : `; 95 % interval ${printChange(delta.low)} to ${printChange(delta.high)}`;
  const reach = detectable === null ? '' : `; these rows show changes from ${printNumber(detectable)} on`;
  return {
    status,
    observed: change,
    limit: -orient * allowed,
    low: delta?.low ?? null,
    high: delta?.high ?? null,
    n,
    detectable,
    message: `${seen} is ${where} base ${printNumber(base)}, ${rule}${interval}${reach}`,
  };
}
