import type { FairnessMeasure } from '../contracts/fairness.ts';

/** A mean or an area with its standard error; NaN where it is undefined. */
export type Estimate = { value: number; error: number };

/** A measure that is as good as normal, of both models on the same rows; `base` is null without one. */
export type NormalFact = {
  measure: FairnessMeasure;
  /** Rows it is taken over; of an area the rows of the rarer class. */
  n: number;
  head: Estimate;
  base: Estimate | null;
  /** Standard error of head - base on the same rows; null without a base. */
  changeError: number | null;
};

/**
 * For every calibration bin of head, then of base, the sum of score - label and the covariance of these sums: what the
 * expected calibration error of both and its uncertainty depend on. `covariance` is square, row by row.
 */
export type CalibrationFact = { n: number; bins: number; surplus: Float64Array; covariance: Float64Array };

/** All that is known of a group before anything is derived: its size does not grow with the rows. */
export type GroupFacts = {
  group: string;
  values: (string | null)[];
  /** Rows with a label and a decision. */
  n: number;
  leftOut: number;
  /** Rows by label, base's decision and head's, as `countDecisions` leaves them; null where nothing is decided. */
  cells: Float64Array | null;
  normals: readonly NormalFact[];
  calibration: CalibrationFact | null;
};
