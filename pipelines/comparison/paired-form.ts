import type { MetricName } from '../contracts/evaluation.ts';
import type { BinaryRows, JudgedRows } from '../evaluation/judged-rows.ts';
import type { Linearised } from '../statistics/average-precision.ts';
import type { LaneStatistic } from '../statistics/resample-units.ts';

/** Which unit (row, query, or rows that belong together) each row is drawn with, and how many units there are. */
export type Units = { of: Uint32Array; count: number };

/**
 * One metric of two models on the same rows, as what its difference second - first is computed from. `lanes` recomputes
 * the difference on rows that count differently, whatever the form.
 */
export type PairedForm = {
  lanes(units: Units): LaneStatistic;
  /** Noise adds to the metric whichever way it goes, so that replicates do not centre on it: only their spread is used. */
  spreadOnly?: true;
} & (
  | { kind: 'area'; first: BinaryRows; second: BinaryRows }
  | PairedMeans
  | { kind: 'counts'; counts: Float64Array; of(counts: Float64Array): number }
  | {
      kind: 'rows';
      /** Passes over the rows that one resample takes, of both models. */
      passes: number;
      /** Both models with how much each row pulls them, where that is known. */
      linearised: (() => readonly [Linearised, Linearised]) | null;
    }
);

/** Means of a value per row, or per query of a ranking. `hits` are 0 or 1: whether the row is decided rightly. */
export type PairedMeans = {
  kind: 'means';
  of: 'losses' | 'hits' | 'queries';
  first: Float64Array;
  second: Float64Array;
};

/** Makes the form of a metric for one task; null where these rows do not define it for one of the models. */
export type MakeForm<Rows extends JudgedRows> = (name: MetricName, first: Rows, second: Rows) => PairedForm | null;
