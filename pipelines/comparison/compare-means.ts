import type { Agreement, Delta, PairedTest } from '../contracts/comparison.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { pairedMeanDifference } from '../statistics/paired-mean-difference.ts';
import { studentQuantile } from '../statistics/student-t.ts';
import { wilcoxonSignedRank } from '../statistics/wilcoxon-signed-rank.ts';
import type { PairedMeans } from './paired-form.ts';

/** Means of the same rows or queries: McNemar where they are right or wrong, else the paired t test, with Wilcoxon's beside it. */
export function compareMeans(form: PairedMeans, level: number): Delta | null {
  return form.of === 'hits' ? compareHits(form, level) : compareLosses(form, level);
}

/** Fewer disagreements than this are tested exactly. */
const FEW = 25;

/** Only rows that one model gets right and the other wrong say anything. The variance of the change is (b + c - (b - c)^2 / n) / n^2. */
function compareHits({ first, second }: PairedMeans, level: number): Delta {
  const agreement = agreementOf(first, second);
  const { onlyBaseRight, onlyHeadRight } = agreement;
  const n = first.length;
  const disagreements = onlyBaseRight + onlyHeadRight;
  const value = (onlyHeadRight - onlyBaseRight) / n;
  const standardError = Math.sqrt(Math.max(0, disagreements - (onlyHeadRight - onlyBaseRight) ** 2 / n)) / n;
  const { least, exact, midP, chiSquared, corrected } = mcnemar(onlyBaseRight, onlyHeadRight);
  const isExact = disagreements < FEW;
  return {
    value,
    ...normalInterval(value, standardError, level),
    method: isExact ? 'McNemar exact' : 'McNemar mid-p',
    p: isExact ? exact : midP,
    standardError,
    n,
    tests: [
      { name: 'McNemar exact', statistic: least, p: exact },
      { name: 'McNemar mid-p', statistic: least, p: midP },
      { name: 'McNemar chi-squared', ...chiSquared, degreesOfFreedom: 1 },
      { name: 'McNemar chi-squared, continuity corrected', ...corrected, degreesOfFreedom: 1 },
    ],
    agreement,
  };
}

/** 1 where a model is right. */
function agreementOf(first: Float64Array, second: Float64Array): Agreement {
  const agreement = { bothRight: 0, onlyBaseRight: 0, onlyHeadRight: 0, bothWrong: 0 };
  for (let row = 0; row < first.length; row += 1) {
    const [before, after] = [first[row] === 1, second[row] === 1];
    if (before && after) agreement.bothRight += 1;
    else if (before) agreement.onlyBaseRight += 1;
    else if (after) agreement.onlyHeadRight += 1;
    else agreement.bothWrong += 1;
  }
  return agreement;
}

/** Of more rows than this ranks are left out: they are only listed, and sorting takes as long as all the rest. */
const MOST_RANKED = 200_000;

function compareLosses({ first, second, of }: PairedMeans, level: number): Delta | null {
  const n = first.length;
  if (n < 2) return null;
  const { value, standardError, t, degreesOfFreedom, p } = pairedMeanDifference(first, second);
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return null;
  const reach = studentQuantile(0.5 + level / 2, degreesOfFreedom) * standardError;
  const method = of === 'queries' ? 'paired t over queries' : 'paired t';
  const tests: PairedTest[] = [
    { name: 'paired t', statistic: Number.isFinite(t) ? t : null, degreesOfFreedom, p },
    ...(n > MOST_RANKED ? [] : [{ name: 'Wilcoxon signed-rank' as const, ...wilcoxonSignedRank(first, second) }]),
  ];
  return { value, low: value - reach, high: value + reach, level, method, p, standardError, n, tests };
}
