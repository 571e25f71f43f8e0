import type { DriftFinding } from '../contracts/drift-report.ts';
import type { ColumnProfile, Profile } from '../contracts/profile.ts';
import { countsOf } from './count-column.ts';
import { finite, percent, round, tooFew } from './finding-text.ts';
import { jensenShannonDistance } from './jensen-shannon-distance.ts';
import { emptyShare, populationStabilityIndex } from './population-stability-index.ts';
import type { WindowProfile } from './profile-window.ts';
import { samplingAllowance } from './sampling-allowance.ts';

/** Distances (Jensen-Shannon, base 2) below this are no drift that matters, however steady the reference was. */
const leastDistance = 0.05;
/** Threshold of a column whose reference was too short to tell how much it strays. */
const plainDistance = 0.1;
/** Rise of the share of missing values that is tolerated beyond chance. */
const missingTolerance = 0.01;

export type DriftPolicy = {
  /** With fewer answered rows nothing is said. */
  minRows: number;
  /** Thresholds that take the place of the profile's, by column. */
  columns: Readonly<Record<string, number>>;
};

/**
 * Covariate and prediction drift, column by column. Distances are effect sizes against thresholds calibrated on the
 * reference, not p-values: they do not grow with the number of rows, and each one alone is rare (about three standard
 * deviations), so no correction for the number of columns is made.
 */
export function compareProfiles(profile: Profile, window: WindowProfile, policy: DriftPolicy): DriftFinding[] {
  const inputs = window.columns.flatMap(({ column, named }, index) => {
    const reference = profile.columns[index];
    if (reference === undefined) return [];
    if (named === 0 && window.rows >= policy.minRows) return [notLogged(column)];
    const threshold = policy.columns[column.name] ?? calibrated(profile, column.name);
    return [
      compareColumn(reference, column, { kind: 'covariate', threshold, minRows: policy.minRows }),
      compareMissing(reference, column, policy.minRows),
    ];
  });
  const threshold = policy.columns.score ?? calibrated(profile, 'score');
  const scores = compareColumn(profile.score, window.score, {
    kind: 'prediction',
    threshold,
    minRows: policy.minRows,
  });
  return [...inputs, scores];
}

function calibrated(profile: Profile, name: string): number {
  return Math.max(leastDistance, profile.thresholds[name] ?? plainDistance);
}

type Rule = { kind: 'covariate' | 'prediction'; threshold: number; minRows: number };

function compareColumn(
  reference: ColumnProfile,
  current: ColumnProfile,
  { kind, threshold, minRows }: Rule,
): DriftFinding {
  const [before, now] = [countsOf(reference), countsOf(current)];
  const [rows, n] = [total(before), total(now)];
  const observed = jensenShannonDistance(before, now);
  const limit = Math.sqrt(threshold ** 2 + samplingAllowance(before.length, n, rows));
  const drifted = observed > limit;
  // Rows without a value count here: how many there are of them is a finding of its own.
  const enough = n + current.missing >= minRows && n > 0 && rows > 0;
  const psi = populationStabilityIndex(before, now);
  const facts = `distance ${round(observed)}, threshold ${round(limit)}; PSI ${round(psi)} over ${before.length} bins, empty ones as ${emptyShare}`;
  return {
    subject: current.name,
    kind,
    measure: 'jensen-shannon distance, base 2',
    observed: finite(observed),
    threshold: finite(limit),
    reference: meanOf(reference),
    current: meanOf(current),
    n,
    status: enough ? (drifted ? 'fail' : 'pass') : 'inconclusive',
    message: enough
      ? `${current.name} is distributed ${drifted ? 'otherwise than' : 'as'} in the reference (${facts})`
      : tooFew(current.name, n + current.missing, minRows),
  };
}

function compareMissing(reference: ColumnProfile, current: ColumnProfile, minRows: number): DriftFinding {
  const before = share(reference);
  const now = share(current);
  const chance = 3 * Math.sqrt((before.share * (1 - before.share)) / Math.max(1, now.rows));
  const threshold = before.share + missingTolerance + chance;
  const enough = now.rows >= minRows;
  return {
    subject: current.name,
    kind: 'covariate',
    measure: 'share of missing values',
    observed: finite(now.share),
    threshold: finite(threshold),
    reference: finite(before.share),
    current: finite(now.share),
    n: now.rows,
    status: enough ? (now.share > threshold ? 'fail' : 'pass') : 'inconclusive',
    message: enough
      ? `${current.name}: ${percent(now.share)} missing, ${percent(before.share)} in the reference, ${percent(threshold)} tolerated`
      : tooFew(current.name, now.rows, minRows),
  };
}

function notLogged({ name }: ColumnProfile): DriftFinding {
  return {
    subject: name,
    kind: 'covariate',
    measure: 'jensen-shannon distance, base 2',
    observed: null,
    threshold: null,
    reference: null,
    current: null,
    n: 0,
    status: 'inconclusive',
    message: `${name} is in no row of the log: send it with the requests, or name it in serve.log`,
  };
}

/** What `reference` and `current` of a distance tell: the means, where there are any. */
function meanOf(column: ColumnProfile): number | null {
  return column.type === 'numeric' ? column.mean : null;
}

function share(column: ColumnProfile): { share: number; rows: number } {
  const rows = total(countsOf(column)) + column.missing;
  return { rows, share: rows === 0 ? 0 : column.missing / rows };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
