import type { Bounded, FairnessMeasure, FairnessTest } from '../contracts/fairness.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { holm } from '../statistics/holm.ts';
import { newcombeDifference, type Proportion } from '../statistics/newcombe-difference.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { twoProportionTest } from '../statistics/two-proportion-test.ts';
import { twoSidedP } from '../statistics/two-sided-p.ts';
import { confusionOf, decisionMeasures } from './decision-measures.ts';
import type { GroupFacts } from './group-facts.ts';
import { boundedOf, nothing } from './measure-group.ts';

type Found = { group: string; difference: Bounded; ratio: Bounded; p: number | null };

/**
 * One question, asked of every group: is its measure another than that of the reference group, or than that of all other
 * rows? The groups are one family, so p is adjusted for their number. Groups without rows to divide by have no p and no
 * part in the adjustment. Null where the measure cannot be tested so: an area of all other rows is not known.
 */
export function testGroups(
  measure: FairnessMeasure,
  groups: readonly GroupFacts[],
  { reference, level }: { reference: string | null; level: number },
): FairnessTest | null {
  const rate = decisionMeasures.find((known) => known.measure === measure);
  const found =
    rate === undefined ? testMeans(measure, groups, reference, level) : testRates(rate, groups, reference, level);
  if (found === null) return null;
  const known = found.flatMap(({ p }) => p ?? []);
  const [strict, lenient] = [holm(known, 1 - level), benjaminiHochberg(known)];
  let at = -1;
  return {
    measure,
    reference,
    method:
      rate === undefined
        ? 'difference of means, normal'
        : "two-proportion z, Fisher's exact test where an expected count is under 5; Newcombe-Wilson interval",
    groups: found.map((one) => {
      if (one.p === null) return { ...one, holm: null, bh: null };
      at += 1;
      return { ...one, holm: strict[at]?.adjusted ?? null, bh: lenient[at] ?? null };
    }),
  };
}

function testRates(
  { numerator, denominator }: (typeof decisionMeasures)[number],
  groups: readonly GroupFacts[],
  reference: string | null,
  level: number,
): Found[] | null {
  if (numerator === null) return null;
  const counted = groups.map(({ group, cells }) => {
    const counts = confusionOf(cells);
    return { group, successes: numerator(counts), trials: denominator(counts) };
  });
  const sum = (of: (one: Proportion) => number) => counted.reduce((total, one) => total + of(one), 0);
  const whole = { successes: sum(({ successes }) => successes), trials: sum(({ trials }) => trials) };
  const fixed = counted.find(({ group }) => group === reference);
  return counted
    .filter(({ group }) => group !== reference)
    .map((own) => {
      const other = fixed ?? { successes: whole.successes - own.successes, trials: whole.trials - own.trials };
      const { value, interval } = newcombeDifference(own, other, level);
      return {
        group: own.group,
        difference: boundedOf(value, interval),
        ratio: ratioOf(own, other, level),
        p: twoProportionTest(own, other),
      };
    });
}

/** Ratio of two rates with the interval of Katz et al. 1978 on logarithms; without one where a count is 0. */
function ratioOf(own: Proportion, other: Proportion, level: number): Bounded {
  const value = own.successes / own.trials / (other.successes / other.trials);
  if (own.successes === 0 || other.successes === 0) return boundedOf(value, null);
  const error = Math.sqrt(1 / own.successes - 1 / own.trials + 1 / other.successes - 1 / other.trials);
  const reach = Math.exp(normalQuantile(0.5 + level / 2) * error);
  return boundedOf(value, { low: value / reach, high: value * reach });
}

/** Means and areas against a reference group; means against all other rows, whose mean and error follow by subtraction. */
function testMeans(
  measure: FairnessMeasure,
  groups: readonly GroupFacts[],
  reference: string | null,
  level: number,
): Found[] | null {
  const facts = groups.flatMap(({ group, normals }) => {
    const fact = normals.find((known) => known.measure === measure);
    return fact === undefined ? [] : [{ group, n: fact.n, ...fact.head }];
  });
  const fixed = facts.find(({ group }) => group === reference);
  if (facts.length === 0 || (fixed === undefined && !isMean.has(measure))) return null;
  return facts
    .filter(({ group }) => group !== reference)
    .map((own) => {
      const other = fixed ?? restOf(facts.filter(({ group }) => group !== own.group));
      const value = own.value - other.value;
      const error = Math.hypot(own.error, other.error);
      const known = Number.isFinite(value) && Number.isFinite(error) && own.n > 1 && other.n > 1;
      return {
        group: own.group,
        difference: boundedOf(value, known ? normalInterval(value, error, level) : null),
        ratio: nothing,
        p: known ? twoSidedP(value, error) : null,
      };
    });
}

/** Measures that are means over rows, which add up over groups. */
const isMean: ReadonlySet<FairnessMeasure> = new Set([
  'mean_score',
  'calibration_gap',
  'brier',
  'log_loss',
  'mean_label',
  'mean_prediction',
  'mean_error',
  'mae',
]);

type Mean = { n: number; value: number; error: number };

/** Mean of several groups together; its variance is what lies within the groups and between them. */
function restOf(all: readonly Mean[]): Mean {
  const groups = all.filter(({ n, value }) => n > 0 && Number.isFinite(value));
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const value = groups.reduce((sum, group) => sum + group.n * group.value, 0) / n;
  const squares = groups.reduce((sum, group) => {
    const within = group.n > 1 ? group.error ** 2 * group.n * (group.n - 1) : 0;
    return sum + within + group.n * (group.value - value) ** 2;
  }, 0);
  return { n, value, error: Math.sqrt(squares / (n - 1) / n) };
}
