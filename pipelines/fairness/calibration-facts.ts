import { CALIBRATION_BINS, calibrationBin } from '../statistics/calibration-error.ts';
import type { CalibrationFact } from './group-facts.ts';
import { countRows, type Grouping } from './mean-facts.ts';

/**
 * Sums of score - label by calibration bin for every group and model, with the covariance of these sums: rows are
 * independent, so it is that of one row's contributions, of which all but one per model are 0. Scores lie in 0..1.
 */
export function calibrationFacts(
  labels: Float64Array,
  head: Float64Array,
  base: Float64Array | null,
  grouping: Grouping,
): CalibrationFact[] {
  const bins = CALIBRATION_BINS;
  const size = base === null ? bins : 2 * bins;
  const facts = Array.from(
    countRows(grouping),
    (n): CalibrationFact => ({
      n,
      bins,
      surplus: new Float64Array(size),
      covariance: new Float64Array(size * size),
    }),
  );
  for (let row = 0; row < labels.length; row += 1) {
    const fact = facts[grouping.codes[row] ?? 0];
    if (fact === undefined) continue;
    const label = labels[row] ?? 0;
    const score = head[row] ?? 0;
    const after = calibrationBin(score);
    add(fact, size, after, score - label);
    if (base === null) continue;
    const other = base[row] ?? 0;
    const before = bins + calibrationBin(other);
    add(fact, size, before, other - label);
    addTo(fact.covariance, before * size + after, (score - label) * (other - label));
  }
  for (const { n, surplus, covariance } of facts) {
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const value = (covariance[row * size + column] ?? 0) - ((surplus[row] ?? 0) * (surplus[column] ?? 0)) / n;
        covariance[row * size + column] = value;
        covariance[column * size + row] = value;
      }
    }
  }
  return facts;
}

function add({ surplus, covariance }: CalibrationFact, size: number, bin: number, value: number): void {
  addTo(surplus, bin, value);
  addTo(covariance, bin * size + bin, value * value);
}

function addTo(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}
