import type { MetricName } from '../contracts/evaluation.ts';
import { averagePrecision } from '../statistics/average-precision.ts';
import { balancedAccuracy, type Confusion, cohenKappa, fBeta, matthews } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { delongStandardError } from '../statistics/delong-standard-error.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { logLosses, squaredErrors } from '../statistics/row-losses.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { type Estimate, fromInfluence, fromLosses, LEVEL, undefinedEstimate, within } from './estimate.ts';
import type { BinaryRows } from './judged-rows.ts';
import { measureCalibration } from './measure-calibration.ts';
import { splitMetric } from './metric-catalogue.ts';
import { noProbabilities } from './no-probabilities.ts';
import type { OfDecisions } from './of-decisions.ts';

/**
 * One metric of a binary model: DeLong for the area, Wilson for shares of rows, the central limit theorem for means of
 * losses, linearisation for average precision, and for the rest what is to be drawn from the four counts of decisions.
 */
export function measureBinary(
  name: MetricName,
  rows: BinaryRows,
  options: { resamples: number },
): Estimate | OfDecisions<Confusion> {
  const { family, parameter } = splitMetric(name);
  const { labels, scores } = rows;
  const fault = noProbabilities(name, rows.kind, [scores]);
  if (fault !== null) return undefinedEstimate(fault);
  switch (family) {
    case 'roc_auc':
      return area(rows);
    case 'pr_auc':
      return { ...fromInfluence(averagePrecision(labels, scores, rows.order()), unit), reason: 'no positive row' };
    case 'log_loss':
      return fromLosses(logLosses(labels, scores));
    case 'brier':
      return fromLosses(squaredErrors(labels, scores), unit);
    case 'ece':
      return measureCalibration(labels, scores, options);
    case 'f1':
      // 2J / (1 + J) of the Jaccard index J, which is a share of rows.
      return { ...overlap, transform: (share) => (2 * share) / (1 + share) };
    case 'f_beta':
      return drawn((counts) => fBeta(counts, parameter ?? 1), unit, 'neither a positive row nor a positive decision');
    case 'jaccard':
      return { ...overlap, transform: (share) => share };
    case 'balanced_accuracy':
      return drawn(balancedAccuracy, unit, 'rows of one class only');
    case 'mcc':
      return drawn(matthews, correlation, 'all rows, or all decisions, are of one class');
    case 'kappa':
      return drawn(cohenKappa, correlation, 'all rows and all decisions are of one class');
    default:
      return share(family, rows);
  }
}

const unit = { low: 0, high: 1 };
/** Of the rows that are positive or decided to be, those that are both. */
const overlap = {
  proportion: ({ tp, fp, fn }: Confusion) => [tp, tp + fp + fn] as const,
  range: unit,
  reason: 'neither a positive row nor a positive decision',
};
const correlation = { low: -1, high: 1 };

function drawn(of: (counts: Confusion) => number, range: { low: number; high: number }, reason: string) {
  return { of, range, reason };
}

function area(rows: BinaryRows): Estimate {
  const components = delongComponents(rows.labels, rows.scores, rows.order());
  if (Number.isNaN(components.auc)) return undefinedEstimate('rows of one class only');
  const { positives, negatives } = components;
  if (components.auc === 0 || components.auc === 1) {
    // Nothing varies, so the spread says nothing: as many pairs as there can be without using a row twice.
    const pairs = Math.min(positives.length, negatives.length);
    const interval = wilsonInterval(components.auc * pairs, pairs, LEVEL);
    return { value: components.auc, interval, method: 'Wilson, of pairs that share no row' };
  }
  const interval = normalInterval(components.auc, delongStandardError(components), LEVEL);
  return { value: components.auc, interval: within(interval, unit), method: 'DeLong' };
}

/** A share of the rows of one kind is a plain proportion. */
function share(family: string, rows: BinaryRows): OfDecisions<Confusion> {
  const proportions: Record<string, Proportion> = {
    accuracy: { of: ({ tp, fp, fn, tn }) => [tp + tn, tp + fp + fn + tn], reason: 'no row' },
    precision: { of: ({ tp, fp }) => [tp, tp + fp], reason: 'no positive decision' },
    recall: { of: ({ tp, fn }) => [tp, tp + fn], reason: 'no positive row' },
    specificity: { of: ({ fp, tn }) => [tn, tn + fp], reason: 'no negative row' },
  };
  const found = proportions[family];
  if (found === undefined) throw new Error(`${family} is no metric of ${rows.task}`);
  return { proportion: found.of, range: unit, reason: found.reason };
}

type Proportion = { of(counts: Confusion): readonly [hits: number, of: number]; reason: string };
