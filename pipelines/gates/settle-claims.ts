import { holm } from '../statistics/holm.ts';
import type { Claim, Finding, Judged } from './judged.ts';
import { printNumber } from './print-number.ts';

/** Chance of a wrong decision, one-sided, for all blocking gates together. */
export const ALPHA = 0.05;

/**
 * Decides the rules that rest on an interval. Those that block share one chance `ALPHA` of a wrong pass and one of a wrong
 * fail (Holm 1979); informational ones stand alone. A rule holds when its adjusted p is below `ALPHA`, which is the same as
 * its one-sided bound at 1 - ALPHA / divisor lying on the good side of the limit; it is broken likewise, and undecided
 * between.
 */
export function settleClaims(findings: readonly { finding: Finding; informational: boolean }[]): Judged[] {
  const family = findings.flatMap(({ finding, informational }) =>
    'claim' in finding && !informational ? [finding.claim] : [],
  );
  const holds = holm(
    family.map((claim) => claim.holds),
    ALPHA,
  );
  const broken = holm(
    family.map((claim) => claim.broken),
    ALPHA,
  );
  return findings.map(({ finding }) => {
    if ('judged' in finding) return finding.judged;
    const { claim } = finding;
    const at = family.indexOf(claim);
    const alone = (p: number) => ({ adjusted: p, divisor: 1 });
    return settle(claim, {
      holds: holds[at] ?? alone(claim.holds),
      broken: broken[at] ?? alone(claim.broken),
      of: at === -1 ? 1 : family.length,
    });
  });
}

type Step = { adjusted: number; divisor: number };

function settle(claim: Claim, { holds, broken, of }: { holds: Step; broken: Step; of: number }): Judged {
  const status = holds.adjusted < ALPHA ? 'pass' : broken.adjusted < ALPHA ? 'fail' : 'inconclusive';
  const pointsTo = claim.holds <= claim.broken ? 'holds' : 'broken';
  const step = pointsTo === 'holds' ? holds : broken;
  const p = claim[pointsTo];
  const level = 1 - ALPHA / step.divisor;
  return {
    ...claim.conclude(status, `${printP(p)}${of > 1 ? ` (${printP(step.adjusted)} after Holm over ${of} gates)` : ''}`),
    p,
    adjustedP: step.adjusted,
    bound: { value: claim.bounds(level)[pointsTo], level },
  };
}

function printP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p ${printNumber(p)}`;
}
