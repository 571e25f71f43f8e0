import type { Comparison, Delta } from '../contracts/comparison.ts';
import { confidenceBelow, confidenceBound } from '../statistics/confidence.ts';
import type { Claim, Finding } from './judged.ts';
import { printChange, printNumber } from './print-number.ts';

/** What a rule on a paired change is about. */
export type Change = {
  name: string;
  direction: 'higher' | 'lower';
  base: number | null;
  head: number | null;
  delta: Delta | null;
  detectable: number | null;
  n: number | null;
};

/** How much worse the head may be, or how much better it must be, both in the unit of the metric. */
export type Margin = { noninferior: number } | { superior: number };

/**
 * Non-inferiority and superiority in three ways, for a change oriented so that more is better: the rule holds when the
 * one-sided lower bound lies above minus the margin (above the margin), is broken when the upper bound lies below (shown
 * to be worse than allowed, shown not to be better enough), and is undecided between. Equal predictions differ by exactly
 * 0; without a base there is nothing to be compared with.
 */
export function claimChange(
  change: Change,
  margin: Margin,
  comparison: Pick<Comparison, 'base' | 'identical'>,
): Finding {
  const { name, base, head, delta, direction, n, detectable } = change;
  const orient = direction === 'higher' ? 1 : -1;
  const least = 'noninferior' in margin ? -margin.noninferior : margin.superior;
  const limit = orient * least;
  const judged = {
    observed: delta?.value ?? null,
    limit,
    low: delta?.low ?? null,
    high: delta?.high ?? null,
    n,
    detectable,
  };
  if (comparison.base === null) {
    return { judged: { ...judged, status: 'pass', message: `no base to compare with; ${name} is ${print(head)}` } };
  }
  if (comparison.identical) {
    const enough = least < 0;
    const message = `the same predictions as base, ${name} ${print(base)}${enough ? '' : ', and so not better'}`;
    return { judged: { ...judged, observed: 0, status: enough ? 'pass' : 'fail', message } };
  }
  if (base === null || head === null || delta === null) {
    const message = `${name} is ${print(head)}, and ${base === null ? 'undefined for the base' : 'its change cannot be measured on these rows'}`;
    return { judged: { ...judged, status: 'inconclusive', message } };
  }
  const said = sentence({ ...change, base, head, delta }, margin);
  const reach = detectable === null ? '' : `these rows show changes from ${printNumber(detectable)} on`;
  return {
    claim: claimOf(delta, limit, orient, (status, evidence) => {
      const short = status === 'inconclusive' ? 'too few rows to tell' : '';
      const message = [said, evidence, reach, short].filter((part) => part !== '').join('; ');
      return { ...judged, status, message };
    }),
  };
}

/** The claim that a change, oriented so that more is better, is larger than a limit. */
function claimOf(delta: Delta, limit: number, orient: 1 | -1, conclude: Claim['conclude']): Claim {
  const below = confidenceBelow(delta, limit);
  return {
    holds: orient === 1 ? below : 1 - below,
    broken: orient === 1 ? 1 - below : below,
    bounds: (level) => {
      const [lower, upper] = [confidenceBound(delta, 1 - level), confidenceBound(delta, level)];
      return orient === 1 ? { holds: lower, broken: upper } : { holds: upper, broken: lower };
    },
    conclude,
  };
}

function sentence(
  { base, head, delta, direction }: Change & { base: number; head: number; delta: Delta },
  margin: Margin,
): string {
  const where = delta.value === 0 ? 'the same as' : delta.value > 0 ? 'above' : 'below';
  const distance = delta.value === 0 ? '' : `${printNumber(Math.abs(delta.value))} `;
  const [worse, better] = direction === 'higher' ? ['below', 'above'] : ['above', 'below'];
  const rule =
    'noninferior' in margin
      ? `allowed ${printNumber(margin.noninferior)} ${worse}`
      : margin.superior === 0
        ? `to be ${better}`
        : `to be ${printNumber(margin.superior)} ${better} at least`;
  const interval = `95 % interval ${printChange(delta.low)} to ${printChange(delta.high)}`;
  return `${printNumber(head)} is ${distance}${where} base ${printNumber(base)}, ${rule}; ${interval}`;
}

function print(value: number | null): string {
  return value === null ? 'undefined' : printNumber(value);
}
