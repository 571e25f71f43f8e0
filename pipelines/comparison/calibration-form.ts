import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';
import { countsForm } from './counts-form.ts';
import type { PairedForm } from './paired-form.ts';

/** Scores and whether what they are the scores of came true, as 0 or 1. */
type Calibrated = { truths: Float64Array; scores: Float64Array };

/**
 * The calibration error of both models from rows counted by bin and truth of either. A row keeps the mean score of its
 * cell, which leaves out a spread of at most a bin's width, some hundredth of the spread of a label.
 */
export function calibrationForm(first: Calibrated, second: Calibrated): PairedForm | null {
  const rows = first.truths.length;
  const wide = 2 * CALIBRATION_BINS;
  const all = new Float64Array(wide * wide);
  const surpluses = [first, second].map(() => new Float64Array(wide * wide));
  const keyOf = new Uint32Array(rows);
  const place = ({ truths, scores }: Calibrated, row: number) =>
    2 * calibrationBin(scores[row] ?? 0) + (truths[row] ?? 0);
  for (let row = 0; row < rows; row += 1) {
    const key = place(first, row) * wide + place(second, row);
    keyOf[row] = key;
    all[key] = (all[key] ?? 0) + 1;
    [first, second].forEach(({ truths, scores }, side) => {
      const surplus = surpluses[side] ?? all;
      surplus[key] = (surplus[key] ?? 0) + (scores[row] ?? 0) - (truths[row] ?? 0);
    });
  }
  const occupied = Uint32Array.from(all.keys()).filter((key) => (all[key] ?? 0) > 0);
  const cellAt = new Uint32Array(all.length);
  occupied.forEach((key, cell) => {
    cellAt[key] = cell;
  });
  const counts = Float64Array.from(occupied, (key) => all[key] ?? 0);
  const sides = surpluses.map((surplus, side) => ({
    bins: occupied.map((key) => Math.floor((side === 0 ? Math.floor(key / wide) : key % wide) / 2)),
    means: Float64Array.from(occupied, (key, cell) => (surplus[key] ?? 0) / (counts[cell] ?? 1)),
  }));
  const of = (drawn: Float64Array) => {
    const [before = Number.NaN, after = Number.NaN] = sides.map((side) => errorOf(drawn, side));
    return after - before;
  };
  const form = countsForm({ cellOf: keyOf.map((key) => cellAt[key] ?? 0), counts }, of);
  return form && { ...form, spreadOnly: true };
}

function errorOf(counts: Float64Array, { bins, means }: { bins: Uint32Array; means: Float64Array }): number {
  const sums = new Float64Array(CALIBRATION_BINS);
  let rows = 0;
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell] ?? 0;
    const bin = bins[cell] ?? 0;
    rows += count;
    sums[bin] = (sums[bin] ?? 0) + count * (means[cell] ?? 0);
  }
  return sums.reduce((sum, bin) => sum + Math.abs(bin), 0) / rows;
}
