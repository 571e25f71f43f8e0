import type { MetricName } from '../contracts/evaluation.ts';
import { aucInfluence } from '../statistics/auc-influence.ts';
import { averagePrecision, type Linearised } from '../statistics/average-precision.ts';
import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';
import { averagedRate, averageRate, averagingOf } from '../statistics/class-counts.ts';
import type { Confusion } from '../statistics/confusion.ts';
import { logLosses, meanOfColumns, squaredErrors } from '../statistics/row-losses.ts';
import { averageLinearised } from './average-linearised.ts';
import { type Estimate, fromInfluence, fromLosses, fromShare, undefinedEstimate } from './estimate.ts';
import { type MultilabelRows, rowCount } from './judged-rows.ts';
import { splitMetric } from './metric-catalogue.ts';
import { noProbabilities } from './no-probabilities.ts';

const unit = { low: 0, high: 1 };

/** One metric of a model that gives every row any number of labels. Intervals go by rows, whose labels belong together. */
export function measureMultilabel(name: MetricName, rows: MultilabelRows): Estimate {
  const { family, parameter } = splitMetric(name);
  const fault = noProbabilities(name, rows.kind, rows.scores);
  if (fault !== null) return undefinedEstimate(fault);
  const losses = (of: typeof logLosses) =>
    meanOfColumns(rows.scores.map((column, index) => of(rows.labels[index] ?? column, column)));
  switch (family) {
    case 'roc_auc':
    case 'roc_auc_weighted':
      return overLabels(rows, aucInfluence, family === 'roc_auc_weighted');
    case 'pr_auc':
      return overLabels(rows, averagePrecision, false);
    case 'log_loss':
      return fromLosses(losses(logLosses));
    case 'brier':
      return fromLosses(losses(squaredErrors), unit);
    case 'ece':
      return { ...fromInfluence(pooledCalibration(rows), unit), reason: 'no row' };
    default:
      return rows.decisions === null
        ? undefinedEstimate('nothing decides: the scores are no probabilities and there is no threshold')
        : ofDecisions(family, parameter ?? 1, { ...rows, decisions: rows.decisions });
  }
}

/** The two-by-two table of every label. */
export function labelTables(labels: readonly Float64Array[], decisions: readonly Float64Array[]): Confusion[] {
  return labels.map((truth, index) => {
    const cells = [0, 0, 0, 0];
    const decided = decisions[index] ?? new Float64Array();
    for (let row = 0; row < truth.length; row += 1) {
      const cell = cellOf(truth[row], decided[row]);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    return toTable(cells);
  });
}

type Decided = MultilabelRows & { decisions: readonly Float64Array[] };

function ofDecisions(family: string, beta: number, rows: Decided): Estimate {
  const n = rowCount(rows);
  if (family === 'accuracy' || family === 'hamming_loss') {
    const wrong = meanOfColumns(
      rows.labels.map((truth, index) => truth.map((label, row) => Number(label !== rows.decisions[index]?.[row]))),
    );
    if (family === 'hamming_loss') return { ...fromLosses(wrong, unit), reason: 'no row' };
    return { ...fromShare(wrong.filter((share) => share === 0).length, n), reason: 'no row' };
  }
  const rate = averagedRate(family, beta);
  if (rate === null) throw new Error(`${family} is no metric of several labels`);
  const averaging = averagingOf(family);
  const statistic = (tables: readonly Confusion[]) => averageRate(tables, rate, averaging);
  const found = linearise(statistic, rows);
  return { ...fromInfluence(found, unit), reason: 'no row and no decision of any label' };
}

/** A function of the tables of all labels, with how much each row pulls it: its derivative by the counts, taken numerically. */
function linearise(statistic: (tables: readonly Confusion[]) => number, { labels, decisions }: Decided): Linearised {
  const tables = labelTables(labels, decisions);
  const value = statistic(tables);
  const n = labels[0]?.length ?? 0;
  const influence = new Float64Array(n);
  const step = 1e-3;
  labels.forEach((truth, index) => {
    const slopes = [0, 1, 2, 3].map((cell) => {
      const moved = (by: number) =>
        statistic(
          tables.map((table, at) =>
            at === index ? toTable(toCells(table).map((c, k) => (k === cell ? c + by : c))) : table,
          ),
        );
      const count = toCells(tables[index] ?? toTable([]))[cell] ?? 0;
      return count === 0 ? 0 : ((moved(step) - moved(-step)) / (2 * step)) * n;
    });
    const decided = decisions[index] ?? new Float64Array();
    for (let row = 0; row < n; row += 1) {
      influence[row] = (influence[row] ?? 0) + (slopes[cellOf(truth[row], decided[row])] ?? 0);
    }
  });
  return { value, influence };
}

function cellOf(label: number | undefined, decided: number | undefined): number {
  return (label === 1 ? 2 : 0) + (decided === 1 ? 1 : 0);
}

function toTable([tn = 0, fp = 0, fn = 0, tp = 0]: readonly number[]): Confusion {
  return { tp, fp, fn, tn };
}

function toCells({ tp, fp, fn, tn }: Confusion): number[] {
  return [tn, fp, fn, tp];
}

/** Calibration error over the scores of all labels together; a row pulls it by the surplus of its scores, bin by bin. */
function pooledCalibration({ labels, scores }: MultilabelRows): Linearised {
  const surplus = new Float64Array(CALIBRATION_BINS);
  const each = (visit: (row: number, bin: number, off: number) => void) =>
    scores.forEach((column, index) => {
      for (let row = 0; row < column.length; row += 1) {
        const score = column[row] ?? 0;
        visit(row, calibrationBin(score), score - (labels[index]?.[row] ?? 0));
      }
    });
  each((_, bin, off) => {
    surplus[bin] = (surplus[bin] ?? 0) + off;
  });
  const n = scores[0]?.length ?? 0;
  const influence = new Float64Array(n);
  each((row, bin, off) => {
    influence[row] = (influence[row] ?? 0) + (Math.sign(surplus[bin] ?? 0) * off) / scores.length;
  });
  const value = surplus.reduce((sum, bin) => sum + Math.abs(bin), 0) / (n * scores.length);
  return { value, influence };
}

function overLabels(
  rows: MultilabelRows,
  measure: (labels: Float64Array, scores: Float64Array, order: Uint32Array) => Linearised,
  weighted: boolean,
): Estimate {
  const orders = rows.orders();
  const counts = rows.labels.map((column) => column.reduce((sum, label) => sum + label, 0));
  const constant = rows.classes.filter((_, index) => counts[index] === 0 || counts[index] === rowCount(rows));
  if (constant.length > 0) return undefinedEstimate(`rows of one kind only of ${constant.slice(0, 5).join(', ')}`);
  const parts = rows.scores.map((column, index) =>
    measure(rows.labels[index] ?? column, column, orders[index] ?? new Uint32Array()),
  );
  return fromInfluence(averageLinearised(parts, weighted ? counts : parts.map(() => 1)), unit);
}
