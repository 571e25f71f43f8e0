import type { MultilabelRows } from '../evaluation/judged-rows.ts';
import { splitMetric } from '../evaluation/metric-catalogue.ts';
import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';
import { averagedRate, averageRate, averagingOf } from '../statistics/class-counts.ts';
import type { Confusion } from '../statistics/confusion.ts';
import { laneDifference } from '../statistics/lane-difference.ts';
import { LANES, type LaneStatistic } from '../statistics/resample-units.ts';
import { logLosses, meanOfColumns, squaredErrors } from '../statistics/row-losses.ts';
import { areasForm } from './areas-form.ts';
import { meansForm } from './means-form.ts';
import type { MakeForm, PairedForm, Units } from './paired-form.ts';

export const multilabelForm: MakeForm<MultilabelRows> = (name, first, second) => {
  const { family, parameter } = splitMetric(name);
  const losses = (of: typeof logLosses) =>
    meansForm(
      ...both(first, second, ({ labels, scores }) =>
        meanOfColumns(scores.map((column, index) => of(labels[index] ?? column, column))),
      ),
    );
  switch (family) {
    case 'roc_auc':
    case 'roc_auc_weighted':
      return areasForm('auc', rankingsOf(first), rankingsOf(second), family === 'roc_auc_weighted');
    case 'pr_auc':
      return areasForm('precision', rankingsOf(first), rankingsOf(second), false);
    case 'log_loss':
      return losses(logLosses);
    case 'brier':
      return losses(squaredErrors);
    case 'ece':
      return { ...rowsForm(first, second, laneCalibration), spreadOnly: true };
    default:
      return ofDecisions(family, parameter ?? 1, first, second);
  }
};

function both<Value>(
  first: MultilabelRows,
  second: MultilabelRows,
  of: (rows: MultilabelRows) => Value,
): [Value, Value] {
  return [of(first), of(second)];
}

function ofDecisions(family: string, beta: number, first: MultilabelRows, second: MultilabelRows): PairedForm | null {
  if (first.decisions === null || second.decisions === null) return null;
  const wrong = both(first, second, ({ labels, decisions }) =>
    meanOfColumns(labels.map((truth, index) => truth.map((label, row) => Number(label !== decisions?.[index]?.[row])))),
  );
  if (family === 'hamming_loss') return meansForm(...wrong);
  if (family === 'accuracy') {
    const [before, after] = wrong.map((shares) => shares.map((share) => Number(share === 0)));
    return before === undefined || after === undefined ? null : meansForm(before, after, 'hits');
  }
  const rate = averagedRate(family, beta);
  if (rate === null) return null;
  const averaging = averagingOf(family);
  return rowsForm(first, second, (rows, units) =>
    laneTables(rows, units, (tables) => averageRate(tables, rate, averaging)),
  );
}

function rankingsOf({ labels, scores, orders }: MultilabelRows) {
  const sorted = orders();
  return scores.map((column, index) => ({
    labels: labels[index] ?? column,
    scores: column,
    order: sorted[index] ?? new Uint32Array(),
  }));
}

function rowsForm(
  first: MultilabelRows,
  second: MultilabelRows,
  laneOf: (rows: MultilabelRows, units: Units) => LaneStatistic,
): PairedForm {
  return {
    kind: 'rows',
    passes: 2 * first.labels.length,
    linearised: null,
    lanes: (units) => laneDifference(laneOf(first, units), laneOf(second, units)),
  };
}

/** A function of the two-by-two tables of all labels. */
function laneTables(
  { labels, decisions }: MultilabelRows,
  units: Units,
  of: (tables: readonly Confusion[]) => number,
): LaneStatistic {
  const cells = labels.map((truth, index) =>
    Uint8Array.from(truth, (label, row) => 2 * label + (decisions?.[index]?.[row] ?? 0)),
  );
  return (weights, out) => {
    for (let lane = 0; lane < LANES; lane += 1) {
      out[lane] = of(
        cells.map((cellOf) => {
          const counts = new Float64Array(4);
          for (let row = 0; row < cellOf.length; row += 1) {
            const cell = cellOf[row] ?? 0;
            counts[cell] = (counts[cell] ?? 0) + (weights[(units.of[row] ?? 0) * LANES + lane] ?? 0);
          }
          const [tn = 0, fp = 0, fn = 0, tp = 0] = counts;
          return { tp, fp, fn, tn };
        }),
      );
    }
  };
}

/** Calibration error over the scores of all labels together. */
function laneCalibration({ labels, scores }: MultilabelRows, units: Units): LaneStatistic {
  const binned = scores.map((column, index) => ({
    bins: Uint8Array.from(column, calibrationBin),
    off: column.map((score, row) => score - (labels[index]?.[row] ?? 0)),
  }));
  return (weights, out) => {
    for (let lane = 0; lane < LANES; lane += 1) {
      const surplus = new Float64Array(CALIBRATION_BINS);
      let count = 0;
      for (const { bins, off } of binned) {
        for (let row = 0; row < off.length; row += 1) {
          const weight = weights[(units.of[row] ?? 0) * LANES + lane] ?? 0;
          const bin = bins[row] ?? 0;
          surplus[bin] = (surplus[bin] ?? 0) + weight * (off[row] ?? 0);
          count += weight;
        }
      }
      out[lane] = surplus.reduce((sum, bin) => sum + Math.abs(bin), 0) / count;
    }
  };
}
