import type { DriftFinding } from '../contracts/drift-report.ts';
import type { MetricValue } from '../contracts/evaluation.ts';
import type { Profile } from '../contracts/profile.ts';
import { mean, variance } from '../statistics/moments.ts';
import { normalQuantile } from '../statistics/normal-quantile.ts';
import { calibrationThreshold, labelThreshold } from './build-profile.ts';
import { finite, round, tooFew } from './finding-text.ts';

/** Change of the mean label, or of the mean of label - score, that is no drift however steady the reference was. */
const leastShift = 0.02;
/** Loss of quality that is tolerated beyond chance, in the metric's own unit. */
const leastLoss = 0.01;

export type LabelledRows = { labels: Float64Array; scores: Float64Array };
export type Direction = 'higher' | 'lower';

/**
 * What can be said once labels are known: whether the target moved (label), whether it moved against what the model
 * expected (concept: the mean of label - score, which a model that still holds keeps steady when only its inputs move),
 * and whether the realised quality is below that of the reference. `quality` is the profile's metric on these rows.
 */
export function compareLabels(
  profile: Profile,
  rows: LabelledRows,
  { quality, direction, minRows }: { quality: MetricValue | null; direction: Direction; minRows: number },
): DriftFinding[] {
  if (profile.labelMean === null) return [];
  const residuals = rows.labels.map((label, row) => label - (rows.scores[row] ?? 0));
  const gap = profile.score.mean === null ? null : profile.labelMean - profile.score.mean;
  const label = {
    subject: 'label',
    kind: 'label',
    measure: 'mean label',
    reference: profile.labelMean,
    calibrated: profile.thresholds[labelThreshold],
  } as const;
  const concept = {
    subject: 'label given the score',
    kind: 'concept',
    measure: 'mean of label - score',
    reference: gap ?? 0,
    calibrated: profile.thresholds[calibrationThreshold],
  } as const;
  return [
    shift(label, rows.labels, minRows),
    ...(gap === null ? [] : [shift(concept, residuals, minRows)]),
    ...(profile.quality === null
      ? []
      : [loss(profile.quality, quality, { direction, minRows, n: rows.labels.length })]),
  ];
}

type Watched = Pick<DriftFinding, 'subject' | 'kind' | 'measure'> & {
  reference: number;
  calibrated: number | undefined;
};

function shift({ reference, calibrated, ...what }: Watched, values: Float64Array, minRows: number): DriftFinding {
  const current = mean(values);
  const chance = 3 * Math.sqrt(variance(values) / Math.max(1, values.length));
  const threshold = Math.hypot(Math.max(leastShift, calibrated ?? leastShift), chance);
  const observed = current - reference;
  const enough = values.length >= minRows;
  const moved = Math.abs(observed) > threshold;
  return {
    ...what,
    observed: finite(observed),
    threshold,
    reference,
    current: finite(current),
    n: values.length,
    status: enough ? (moved ? 'fail' : 'pass') : 'inconclusive',
    message: enough
      ? `${what.measure}: ${round(reference)} in the reference, ${round(current)} now; a change of ${round(threshold)} is tolerated`
      : tooFew(what.measure, values.length, minRows),
  };
}

function loss(
  reference: NonNullable<Profile['quality']>,
  current: MetricValue | null,
  { direction, minRows, n }: { direction: Direction; minRows: number; n: number },
): DriftFinding {
  const sign = direction === 'higher' ? 1 : -1;
  const observed = current === null ? Number.NaN : sign * (reference.value - current.value);
  const chance = 3 * Math.hypot(reference.standardError ?? 0, standardErrorOf(current));
  const threshold = leastLoss + chance;
  const enough = n >= minRows && Number.isFinite(observed);
  return {
    subject: reference.metric,
    kind: 'quality',
    measure: `loss of ${reference.metric}`,
    observed: finite(observed),
    threshold,
    reference: reference.value,
    current: current?.value ?? null,
    n,
    status: enough ? (observed > threshold ? 'fail' : 'pass') : 'inconclusive',
    message: enough
      ? `${reference.metric}: ${round(reference.value)} in the reference, ${round(current?.value ?? Number.NaN)} now; a loss of ${round(threshold)} is tolerated`
      : n < minRows
        ? tooFew(reference.metric, n, minRows)
        : `${reference.metric} is not defined on these rows`,
  };
}

/** Half the width of a normal interval over its quantile. */
function standardErrorOf(value: MetricValue | null): number {
  if (value?.interval === null || value === null) return 0;
  const { low, high, level } = value.interval;
  return (high - low) / 2 / normalQuantile((1 + level) / 2);
}
