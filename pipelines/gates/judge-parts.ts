import type { Status } from '../contracts/common.ts';
import { statusSchema } from '../contracts/common.ts';
import type { GatePart } from '../contracts/verdict.ts';
import { worstStatus } from '../contracts/worst-status.ts';
import type { Claim, Finding, Judged } from './judged.ts';
import { ALPHA } from './settle-claims.ts';

export type Part = { name: string; finding: Finding };

/** How many names a sentence bears. */
const NAMED = 5;

/**
 * One rule held against several parts, each of which must pass: the worst one speaks. Parts that rest on an interval make
 * one claim together: it holds when it holds for every part (so the largest p counts, Berger 1982), and is broken when one
 * part breaks it after Bonferroni over the parts. `left` names what was not judged.
 */
export function judgeParts(parts: readonly Part[], left: readonly string[]): Finding {
  const claims = parts.flatMap(({ finding }) => ('claim' in finding ? [finding.claim] : []));
  const judged = parts.map(({ name, finding }) => ({
    name,
    judged: 'judged' in finding ? finding.judged : alone(finding.claim, claims.length),
  }));
  const fixed = parts.flatMap(({ finding }) => ('judged' in finding ? [finding.judged.status] : []));
  if (claims.length === 0) return { judged: worstPart(judged, left) };
  const holds = Math.max(...claims.map((claim) => claim.holds));
  const broken = Math.min(1, claims.length * Math.min(...claims.map((claim) => claim.broken)));
  return {
    claim: {
      holds,
      broken,
      bounds: (level) => ({
        holds: weakest(claims).bounds(level).holds,
        broken: weakest(claims).bounds(1 - (1 - level) / claims.length).broken,
      }),
      conclude: (status, evidence) => summarise(judged, worstStatus([status, ...fixed]), evidence, left),
    },
  };
}

/** The same for parts that no interval decides. */
export function worstPart(parts: readonly { name: string; judged: Judged }[], left: readonly string[]): Judged {
  return summarise(parts, worstStatus(parts.map(({ judged }) => judged.status)), '', left);
}

function weakest(claims: readonly Claim[]): Claim {
  return claims.reduce((worst, claim) => (claim.holds > worst.holds ? claim : worst));
}

function alone(claim: Claim, of: number): Judged {
  const broken = Math.min(1, of * claim.broken);
  return claim.conclude(claim.holds < ALPHA ? 'pass' : broken < ALPHA ? 'fail' : 'inconclusive', '');
}

function summarise(
  parts: readonly { name: string; judged: Judged }[],
  status: Status,
  evidence: string,
  left: readonly string[],
): Judged {
  const order = statusSchema.options;
  const sorted = parts.toSorted(
    (one, other) =>
      order.indexOf(other.judged.status) - order.indexOf(one.judged.status) || badness(other) - badness(one),
  );
  const [worst] = sorted;
  const like = sorted.filter(({ judged }) => judged.status === worst?.judged.status).length;
  const words = { pass: 'pass', fail: 'fail', inconclusive: 'cannot be decided', error: 'cannot be judged' } as const;
  const count =
    parts.length === 1 || worst === undefined
      ? ''
      : `${like} of ${parts.length} ${words[worst.judged.status]}; the worst: `;
  const omitted = left.length === 0 ? '' : `; not judged: ${list(left)}`;
  const said = worst === undefined ? 'nothing could be judged' : `${worst.name}: ${worst.judged.message}`;
  return {
    status,
    observed: worst?.judged.observed ?? null,
    limit: worst?.judged.limit ?? null,
    low: worst?.judged.low ?? null,
    high: worst?.judged.high ?? null,
    n: worst?.judged.n ?? null,
    ...(worst?.judged.detectable === undefined ? {} : { detectable: worst.judged.detectable }),
    message: `${count}${said}${evidence === '' ? '' : `; ${evidence}`}${omitted}`,
    parts: sorted.slice(0, 100).map(({ name, judged }): GatePart => {
      const { status, observed, low, high, n } = judged;
      return { name, status, observed, low, high, n };
    }),
    ...(left.length === 0 ? {} : { tooSmall: left.slice(0, 100) }),
  };
}

/** How far an observation lies beyond its limit; more is worse, whichever side the limit is on. */
function badness({ judged: { observed, limit, status } }: { judged: Judged }): number {
  if (observed === null || limit === null) return Number.NEGATIVE_INFINITY;
  const distance = Math.abs(observed - limit);
  return status === 'fail' ? distance : -distance;
}

function list(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}
