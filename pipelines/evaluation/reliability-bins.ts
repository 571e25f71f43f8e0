import type { Curves } from '../contracts/evaluation.ts';
import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { quantile } from '../statistics/quantile.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { LEVEL } from './estimate.ts';

type Bins = NonNullable<Curves['reliability']>['bins'];

/** Probabilities against what happened, in the bins of the calibration error; bins without rows are left out. */
export function probabilityBins(truths: Float64Array, scores: Float64Array): Bins {
  const rows = new Float64Array(CALIBRATION_BINS);
  const predicted = new Float64Array(CALIBRATION_BINS);
  const hits = new Float64Array(CALIBRATION_BINS);
  for (let row = 0; row < truths.length; row += 1) {
    const score = scores[row] ?? 0;
    const bin = calibrationBin(score);
    rows[bin] = (rows[bin] ?? 0) + 1;
    predicted[bin] = (predicted[bin] ?? 0) + score;
    hits[bin] = (hits[bin] ?? 0) + (truths[row] ?? 0);
  }
  return Array.from(rows, (n, bin) => {
    const happened = hits[bin] ?? 0;
    const interval = wilsonInterval(happened, n, LEVEL);
    return {
      from: bin / CALIBRATION_BINS,
      to: (bin + 1) / CALIBRATION_BINS,
      n,
      predicted: (predicted[bin] ?? 0) / n,
      observed: happened / n,
      low: interval?.low ?? 0,
      high: interval?.high ?? 1,
    };
  }).filter(({ n }) => n > 0);
}

/** Predicted numbers against the truth, in ten bins of about as many rows each. */
export function numberBins(truths: Float64Array, scores: Float64Array): Bins {
  const sorted = scores.toSorted();
  const edges = [...new Set(Array.from({ length: 11 }, (_, at) => quantile(sorted, at / 10)))];
  const bins =
    edges.slice(1).length === 0
      ? [[edges[0] ?? 0, edges[0] ?? 0] as const]
      : edges.slice(1).map((to, at) => [edges[at] ?? 0, to] as const);
  const sums = bins.map(() => ({ n: 0, predicted: 0, observed: 0, squares: 0 }));
  const centre = truths[0] ?? 0;
  for (let row = 0; row < truths.length; row += 1) {
    const score = scores[row] ?? 0;
    let bin = 0;
    while (bin < bins.length - 1 && score >= (bins[bin]?.[1] ?? 0)) bin += 1;
    const sum = sums[bin];
    if (sum === undefined) continue;
    const off = (truths[row] ?? 0) - centre;
    sum.n += 1;
    sum.predicted += score;
    sum.observed += off;
    sum.squares += off * off;
  }
  return bins.flatMap(([from, to], bin) => {
    const { n, predicted, observed, squares } = sums[bin] ?? { n: 0, predicted: 0, observed: 0, squares: 0 };
    if (n === 0 || !Number.isFinite(squares) || !Number.isFinite(predicted)) return [];
    const spread = n < 2 ? 0 : Math.max(0, squares - observed ** 2 / n) / (n - 1);
    const mean = centre + observed / n;
    const { low, high } = normalInterval(mean, Math.sqrt(spread / n), LEVEL);
    return [{ from, to, n, predicted: predicted / n, observed: mean, low, high }];
  });
}
