/** Bins of equal width over [0, 1]; the name is part of the number: "ECE, 15 equal-width bins". */
export const CALIBRATION_BINS = 15;

/** The bin of a score; 1 belongs to the last one. */
export function calibrationBin(score: number): number {
  return Math.min(CALIBRATION_BINS - 1, Math.floor(score * CALIBRATION_BINS));
}

/**
 * Expected calibration error over 15 equal-width bins: the mean over rows of how far a bin's mean score lies from its
 * share of positives (Naeini, Cooper & Hauskrecht 2015). Equal-count bins give another number.
 */
export function calibrationError(labels: Float64Array, scores: Float64Array): number {
  const surplus = new Float64Array(CALIBRATION_BINS);
  for (let row = 0; row < labels.length; row += 1) {
    const score = scores[row] ?? 0;
    const bin = calibrationBin(score);
    surplus[bin] = (surplus[bin] ?? 0) + score - (labels[row] ?? 0);
  }
  return surplus.reduce((sum, bin) => sum + Math.abs(bin), 0) / labels.length;
}
