import type { ColumnKind } from './data-profile.ts';

/** A count and what it may be off by; 0 where it was counted. */
export type Estimate = { count: number; error: number };
/** Values in (from, to]; of whole numbers from and to are both inside. */
export type Bar = { from: number; to: number; count: number };
export type ValueCount = { value: string; count: number };

/** What a reader wants to know of a column, worked out of its sketches. Times are seconds since 1970 UTC. */
export type ColumnSummary = {
  name: string;
  type: string;
  kind: ColumnKind;
  missing: number;
  /** `error` is four standard errors; null when it cannot be known. */
  distinct: Estimate | null;
  numbers: {
    mean: number | null;
    std: number | null;
    min: number;
    p5: number;
    quartiles: [number, number, number];
    p95: number;
    max: number;
    zeros: number;
    negatives: number;
    infinite: number;
    /** No quantile's rank is further off than this share of the values. */
    error: number;
    bars: Bar[];
  } | null;
  /** Most frequent values of a text, or of a number with few values; `complete` when these are all. */
  values: { list: ValueCount[]; complete: boolean } | null;
  /** Characters of texts, empty ones, and those that begin or end with a blank. */
  lengths: { shortest: number; mean: number; longest: number; empty: number; padded: number } | null;
};

export type Correlation = { columns: [string, string]; r: number };

/** A profile as it is shown: on the terminal, as a page, and beside the profile with `--json`. */
export type ProfileSummary = {
  source: string;
  rows: number;
  partitions: number;
  columns: ColumnSummary[];
  /** Every pair, the strongest first; each may be off by `error`. */
  correlations: { pairs: Correlation[]; error: number };
  /** Rows that equal an earlier one; null when it cannot be known. */
  duplicates: Estimate | null;
  /** Rows by value of the label, `null` for those without. */
  label: { column: string; balance: { value: string | null; count: number }[]; complete: boolean } | null;
  /** What is worth a second look, in sentences. */
  notes: string[];
};
