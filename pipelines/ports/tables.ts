/** Values a table engine returns: numbers for every numeric type, strings for text and ISO strings for dates. */
export type Cell = number | string | boolean | null;
export type Row = Record<string, Cell>;

/** A table engine that reads Parquet, CSV and JSON lines out of core. SQL comes from pure functions of `pipelines`. */
export type Tables = {
  /** Runs one statement and returns its rows. `$1`-style parameters are bound, never spliced. */
  query(sql: string, parameters?: readonly Cell[]): Promise<Row[]>;
  /** Numeric columns of one query as typed arrays in row order; NULL becomes NaN. */
  columns(sql: string, names: readonly string[]): Promise<Record<string, Float64Array>>;
  /** Makes a temporary table of numeric columns of one length, replacing the one of that name; NaN becomes NULL. */
  load(table: string, columns: Record<string, Float64Array>): Promise<void>;
  close(): void;
};
