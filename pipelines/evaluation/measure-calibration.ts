import { calibrationError } from '../statistics/calibration-error.ts';
import { calibrationCells } from './calibration-cells.ts';
import { type Estimate, fromCounts } from './estimate.ts';

/** Calibration error with an interval from a bootstrap of bins and labels, reflected because noise only ever adds to it. */
export function measureCalibration(
  labels: Float64Array,
  scores: Float64Array,
  { resamples }: { resamples: number },
): Estimate {
  if (labels.length === 0) return { value: Number.NaN, interval: null, reason: 'no row' };
  const cells = calibrationCells(labels, null, scores);
  const drawn = fromCounts(cells.counts, (counts) => cells.errors(counts).head, {
    reflected: true,
    resamples,
    low: 0,
    high: 1,
  });
  return { ...drawn, value: calibrationError(labels, scores) };
}
