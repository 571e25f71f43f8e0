import type { Delta } from '../contracts/comparison.ts';
import { bootstrapConfidence, type LeftOut } from '../statistics/bootstrap-confidence.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { twoSidedP } from '../statistics/two-sided-p.ts';
import type { CompareOptions } from './compare-options.ts';

/** Confidence of the bounds that a document keeps, so that rules can be decided at other levels than its interval's. */
const LEVELS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.0125, 0.025, 0.05, 0.1, 0.25];
const KEPT = [...LEVELS, 0.5, ...LEVELS.toReversed().map((level) => 1 - level)];

type Ends = CompareOptions['interval'] | 'normal';

/** How the ends of an interval come from replicates: as was asked, but from their spread alone where they do not centre. */
export function endsOf({ spreadOnly }: { spreadOnly?: true }, { interval }: Pick<CompareOptions, 'interval'>): Ends {
  return spreadOnly ? 'normal' : interval;
}

/** A change with the interval that its bootstrap replicates give; null when too few of them are defined. */
export function deltaOfReplicates(
  value: number,
  { replicates, leftOut, what, n }: { replicates: Float64Array; leftOut: LeftOut | null; what: string; n: number },
  { level, interval }: { interval: Ends; level: number },
): Delta | null {
  const found = bootstrapConfidence(value, replicates, leftOut);
  if (found === null) return null;
  const { bound, p, standardError, draws } = found;
  const method = `paired bootstrap of ${what}, ${draws} draws, ${interval === 'bca' ? 'BCa' : interval}`;
  if (interval === 'normal') {
    const own = twoSidedP(value, standardError);
    const tests = [{ name: 'bootstrap' as const, statistic: null, p: own }];
    return { value, ...normalInterval(value, standardError, level), method, p: own, standardError, n, tests };
  }
  return {
    value,
    low: bound(0.5 - level / 2),
    high: bound(0.5 + level / 2),
    level,
    method,
    p,
    standardError,
    n,
    tests: [{ name: 'bootstrap', statistic: null, p }],
    quantiles: KEPT.map((kept): [number, number] => [kept, bound(kept)]),
  };
}
