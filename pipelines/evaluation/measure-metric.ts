import type { Interval } from '../contracts/common.ts';
import type { MetricName, MetricValue } from '../contracts/evaluation.ts';
import { averagePrecision, type Linearised } from '../statistics/average-precision.ts';
import { bootstrapCells } from '../statistics/bootstrap-cells.ts';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { calibrationError } from '../statistics/calibration-error.ts';
import { confusion, f1 } from '../statistics/confusion.ts';
import { delongComponents } from '../statistics/delong-components.ts';
import { delongStandardError } from '../statistics/delong-standard-error.ts';
import { mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { rSquared } from '../statistics/r-squared.ts';
import { rootMeanSquaredError } from '../statistics/root-mean-squared-error.ts';
import { absoluteErrors, logLosses, squaredErrors } from '../statistics/row-losses.ts';
import type { Random } from '../statistics/seeded-random.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { calibrationCells } from './calibration-cells.ts';
import type { ScoredRows } from './scored-rows.ts';

/** Coverage of every interval that is printed. */
export const LEVEL = 0.95;
/** Draws of every bootstrap. */
export const RESAMPLES = 2000;

/**
 * One metric of one model with its 95 % interval: DeLong for the area, Wilson for rates, the central limit theorem for
 * means of losses, linearisation or a bootstrap for the rest. Null where the metric is undefined (no positive row, say).
 */
export function measureMetric(name: MetricName, rows: ScoredRows, random: Random): MetricValue | null {
  const { value, interval, n = rows.labels.length } = estimate(name, rows, random);
  return Number.isFinite(value) && n > 0 ? { name, value, interval, n } : null;
}

type Estimate = { value: number; interval: Interval | null; n?: number };

function estimate(name: MetricName, rows: ScoredRows, random: Random): Estimate {
  const { labels, scores } = rows;
  switch (name) {
    case 'roc_auc': {
      const components = delongComponents(labels, scores, rows.order());
      const interval = normalInterval(components.auc, delongStandardError(components), LEVEL);
      return { value: components.auc, interval: within(interval, 0, 1) };
    }
    case 'pr_auc':
      return fromInfluence(averagePrecision(labels, scores, rows.order()), 0, 1);
    case 'rmse':
      return fromInfluence(rootMeanSquaredError(labels, scores), 0, Number.POSITIVE_INFINITY);
    case 'r2':
      return fromInfluence(rSquared(labels, scores), Number.NEGATIVE_INFINITY, 1);
    case 'log_loss':
      return fromLosses(logLosses(labels, scores));
    case 'brier':
      return fromLosses(squaredErrors(labels, scores));
    case 'mae':
      return fromLosses(absoluteErrors(labels, scores));
    case 'ece':
      return calibration(rows, random);
    case 'accuracy':
    case 'precision':
    case 'recall':
    case 'f1':
      return fromDecisions(name, rows, random);
    default:
      return { value: Number.NaN, interval: null };
  }
}

function fromLosses(losses: Float64Array): Estimate {
  const value = mean(losses);
  const interval = normalInterval(value, Math.sqrt(variance(losses) / losses.length), LEVEL);
  return { value, interval: within(interval, 0, Number.POSITIVE_INFINITY) };
}

function fromInfluence({ value, influence }: Linearised, low: number, high: number): Estimate {
  const standardError = Math.sqrt(variance(influence) / influence.length);
  return { value, interval: within(normalInterval(value, standardError, LEVEL), low, high) };
}

function fromDecisions(name: 'accuracy' | 'precision' | 'recall' | 'f1', rows: ScoredRows, random: Random): Estimate {
  const { tp, fp, fn, tn } = confusion(rows.labels, rows.scores, rows.threshold);
  const rate = (hits: number, of: number) => ({ value: hits / of, interval: wilsonInterval(hits, of, LEVEL), n: of });
  if (name === 'accuracy') return rate(tp + tn, tp + fp + fn + tn);
  if (name === 'precision') return rate(tp, tp + fp);
  if (name === 'recall') return rate(tp, tp + fn);
  const [replicates = new Float64Array()] = bootstrapCells(
    [Float64Array.of(tp, fp, fn, tn)],
    ([cells = new Float64Array()]) => {
      const [tp = 0, fp = 0, fn = 0, tn = 0] = cells;
      return [f1({ tp, fp, fn, tn })];
    },
    { resamples: RESAMPLES, random },
  );
  const value = f1({ tp, fp, fn, tn });
  return { value, interval: plain(bootstrapInterval(value, replicates, { level: LEVEL })) };
}

function calibration({ labels, scores }: ScoredRows, random: Random): Estimate {
  const cells = calibrationCells(labels, null, scores);
  const [replicates = new Float64Array()] = bootstrapCells(
    [cells.counts],
    ([counts = new Float64Array()]) => [cells.errors(counts).head],
    { resamples: RESAMPLES, random },
  );
  const value = calibrationError(labels, scores);
  const interval = bootstrapInterval(value, replicates, { level: LEVEL, reflected: true });
  return { value, interval: within(plain(interval), 0, 1) };
}

function plain(interval: Interval | null): Interval | null {
  return interval === null ? null : { low: interval.low, high: interval.high, level: interval.level };
}

/** An interval held inside the range of its metric; null when the estimate itself is undefined. */
function within(interval: Interval | null, low: number, high: number): Interval | null {
  if (interval === null || Number.isNaN(interval.low) || Number.isNaN(interval.high)) return null;
  const hold = (value: number) => Math.min(high, Math.max(low, value));
  return { low: hold(interval.low), high: hold(interval.high), level: interval.level };
}
