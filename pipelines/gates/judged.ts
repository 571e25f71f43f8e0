import type { Status } from '../contracts/common.ts';
import type { GateResult } from '../contracts/verdict.ts';

/** What one rule found, before it is given its name. */
export type Judged = Omit<GateResult, 'gate' | 'subject' | 'kind' | 'informational'>;

/**
 * A rule that is decided by the end of an interval, before it is known how many others share the chance of a wrong
 * decision. All p-values are one-sided.
 */
export type Claim = {
  /** Small when the numbers show that the rule holds. */
  holds: number;
  /** Small when they show that it is broken. */
  broken: number;
  /** The ends of one-sided intervals with this confidence, in the sense of the metric (head - base). */
  bounds(level: number): { holds: number; broken: number };
  conclude(status: 'pass' | 'inconclusive' | 'fail', evidence: string): Judged;
};

export type Finding = { judged: Judged } | { claim: Claim };

/** What can be said of a rule without a number. */
export function unmeasured(status: Status, message: string, limit: number | null = null): Judged {
  return { status, observed: null, limit, low: null, high: null, n: null, message };
}
