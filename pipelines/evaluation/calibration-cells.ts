import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';

/**
 * Rows grouped by the calibration bin of each model and by label, so that a bootstrap of the calibration error draws
 * counts and not rows. A row keeps the mean score of its cell, which leaves out a spread of at most a bin's width,
 * some hundredth of the spread of a label.
 */
export type CalibrationCells = {
  /** Rows per occupied cell. */
  counts: Float64Array;
  /** The errors that these counts give. */
  errors(counts: Float64Array): { base: number; head: number };
};

export function calibrationCells(
  labels: Float64Array,
  base: Float64Array | null,
  head: Float64Array,
): CalibrationCells {
  const size = 2 * CALIBRATION_BINS ** 2;
  const counts = new Float64Array(size);
  const baseSurplus = new Float64Array(size);
  const headSurplus = new Float64Array(size);
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? 0;
    const before = base?.[row] ?? 0;
    const after = head[row] ?? 0;
    const cell = (calibrationBin(before) * CALIBRATION_BINS + calibrationBin(after)) * 2 + label;
    counts[cell] = (counts[cell] ?? 0) + 1;
    baseSurplus[cell] = (baseSurplus[cell] ?? 0) + before - label;
    headSurplus[cell] = (headSurplus[cell] ?? 0) + after - label;
  }
  const occupied = Uint32Array.from(counts.keys()).filter((cell) => (counts[cell] ?? 0) > 0);
  const ofOccupied = (values: Float64Array) => Float64Array.from(occupied, (cell) => values[cell] ?? 0);
  const kept = ofOccupied(counts);
  const perRow = (sums: Float64Array) => ofOccupied(sums).map((sum, at) => sum / (kept[at] ?? 1));
  const baseBins = occupied.map((cell) => Math.floor(cell / (2 * CALIBRATION_BINS)));
  const headBins = occupied.map((cell) => Math.floor(cell / 2) % CALIBRATION_BINS);
  const baseMeans = perRow(baseSurplus);
  const headMeans = perRow(headSurplus);
  return {
    counts: kept,
    errors: (drawn) => ({ base: error(drawn, baseBins, baseMeans), head: error(drawn, headBins, headMeans) }),
  };
}

function error(counts: Float64Array, bins: Uint32Array, surplus: Float64Array): number {
  const sums = new Float64Array(CALIBRATION_BINS);
  let rows = 0;
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell] ?? 0;
    const bin = bins[cell] ?? 0;
    rows += count;
    sums[bin] = (sums[bin] ?? 0) + count * (surplus[cell] ?? 0);
  }
  return sums.reduce((sum, bin) => sum + Math.abs(bin), 0) / rows;
}
