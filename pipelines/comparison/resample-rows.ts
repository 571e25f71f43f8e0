import type { Delta } from '../contracts/comparison.ts';
import { differences, mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { evaluateUnits, jackknifeUnits, resampleUnits } from '../statistics/resample-units.ts';
import { studentQuantile, studentSurvival } from '../statistics/student-t.ts';
import { twoSidedP } from '../statistics/two-sided-p.ts';
import type { CompareOptions } from './compare-options.ts';
import { deltaOfReplicates, endsOf } from './delta-of-replicates.ts';
import type { PairedForm, Units } from './paired-form.ts';

/** Rows that all draws of a metric together may look at. */
const MOST_WORK = 5e8;
/** Fewer draws make poor ends of an interval. */
const FEWEST_DRAWS = 1000;

type Options = CompareOptions & { level: number };

/**
 * Differences of metrics by drawing rows again, or groups of rows that belong together: the same draws for all. Of so many
 * rows that a bootstrap would look at too many, the standard error comes from how much each row pulls the metric, or, where
 * that is not known, from leaving out one of 200 groups of rows at a time.
 */
export function resampleRows(
  forms: readonly PairedForm[],
  { rows, unitsOf }: { rows: number; unitsOf: () => Units },
  options: Options,
): (Delta | null)[] {
  const enough = Math.min(FEWEST_DRAWS, options.resamples);
  const isDrawn = forms.map((form) => options.cluster !== null || affordableDraws(form, rows) >= enough);
  const drawn = forms.filter((_, at) => isDrawn[at]);
  const resampled = drawn.length === 0 ? [] : resample(drawn, { rows, units: unitsOf() }, options);
  return forms.map((form, at) => {
    if (isDrawn[at]) return resampled[drawn.indexOf(form)] ?? null;
    return form.kind === 'rows' && form.linearised !== null
      ? linearise(form.linearised(), options.level)
      : leaveOutGroups(form, unitsOf(), options.level);
  });
}

function affordableDraws(form: PairedForm, rows: number): number {
  const passes = form.kind === 'rows' ? form.passes : 2;
  return Math.floor(MOST_WORK / (passes * rows));
}

function resample(
  forms: readonly PairedForm[],
  { rows, units }: { rows: number; units: Units },
  options: Options,
): (Delta | null)[] {
  const statistics = forms.map((form) => form.lanes(units));
  const affordable = Math.min(...forms.map((form) => affordableDraws(form, rows)));
  const resamples = Math.min(options.resamples, Math.max(affordable, FEWEST_DRAWS));
  const values = evaluateUnits(units.count, statistics);
  const replicates = resampleUnits(units.count, statistics, { resamples, seed: options.seed });
  const left = options.interval === 'bca' ? jackknifeUnits(units.count, statistics) : null;
  const what = options.cluster === null ? 'rows' : `groups of ${options.cluster.by}`;
  return forms.map((form, at) => {
    const [own, without] = [replicates[at], left?.[at]];
    if (own === undefined) return null;
    const interval = endsOf(form, options);
    const leftOut = without === undefined || interval !== 'bca' ? null : { values: without };
    const found = { replicates: own, leftOut, what, n: units.count };
    return deltaOfReplicates(values[at] ?? Number.NaN, found, { ...options, interval });
  });
}

type Both = ReturnType<NonNullable<Extract<PairedForm, { kind: 'rows' }>['linearised']>>;

function linearise([first, second]: Both, level: number): Delta | null {
  const pull = differences(second.influence, first.influence);
  const n = pull.length;
  const value = second.value - first.value;
  const standardError = Math.sqrt((variance(pull) + mean(pull) ** 2) / n);
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return null;
  const p = twoSidedP(value, standardError);
  const interval = normalInterval(value, standardError, level);
  const statistic = value === 0 ? 0 : standardError === 0 ? null : value / standardError;
  return {
    value,
    ...interval,
    method: 'paired linearisation',
    p,
    standardError,
    n,
    tests: [{ name: 'normal', statistic, p }],
  };
}

/**
 * Standard error sqrt((g - 1) / g sum (left out - mean)^2) over g groups, and Student's distribution with g - 1 degrees of
 * freedom (Efron & Tibshirani 1993, section 11.5).
 */
function leaveOutGroups(form: PairedForm, units: Units, level: number): Delta | null {
  const statistic = form.lanes(units);
  const [value = Number.NaN] = evaluateUnits(units.count, [statistic]);
  const [values = new Float64Array()] = jackknifeUnits(units.count, [statistic]);
  const groups = values.length;
  const standardError = Math.sqrt((variance(values) * (groups - 1) ** 2) / groups);
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return null;
  const reach = studentQuantile(0.5 + level / 2, groups - 1) * standardError;
  const t = value === 0 ? 0 : value / standardError;
  const p = Math.min(1, 2 * studentSurvival(Math.abs(t), groups - 1));
  const tests = [{ name: 'normal' as const, statistic: Number.isFinite(t) ? t : null, p }];
  const method = `paired jackknife of ${groups} groups of rows`;
  return { value, low: value - reach, high: value + reach, level, method, p, standardError, n: units.count, tests };
}
