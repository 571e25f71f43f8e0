/** Values a table engine returns: numbers for every numeric type, strings for text and ISO strings for dates. */
export type Cell = number | string | boolean | null;
export type Row = Record<string, Cell>;

export type StreamedColumn = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];

/** A table engine that reads Parquet, CSV and JSON lines out of core. SQL comes from pure functions of `pipelines`. */
export type Tables = {
  /** Runs one statement and returns its rows. `$1`-style parameters are bound, never spliced. */
  query(sql: string, parameters?: readonly Cell[]): Promise<Row[]>;
  /** Numeric columns of one query as typed arrays in row order; NULL becomes NaN. */
  columns(sql: string, names: readonly string[]): Promise<Record<string, Float64Array>>;
  /**
   * Rows of one query in batches of so many, the last one smaller, without ever holding all of them: FLOAT, DOUBLE,
   * INTEGER, BIGINT and UTINYINT as typed arrays, where NULL is NaN (0 in integers), anything else as text. Temporary tables are
   * not seen.
   */
  stream(sql: string, rows: number): AsyncIterable<Record<string, StreamedColumn>>;
  /** Makes a temporary table of numeric columns of one length, replacing the one of that name; NaN becomes NULL. */
  load(table: string, columns: Record<string, Float64Array>): Promise<void>;
  close(): void;
};
