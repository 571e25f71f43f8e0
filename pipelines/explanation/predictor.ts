/** One value per row: numbers for numeric and bool inputs, where NaN is missing, and text for string inputs. */
export type FeatureColumn = Float64Array | readonly string[];
export type FeatureColumns = Record<string, FeatureColumn>;

/** A model as an explanation sees it: columns in, answers out, nothing known of its inside. */
export type Predictor = {
  /** What a row of answers holds: `score`, or one name per class. */
  outputs: readonly string[];
  /** Finite answers in row order, row-major: rows x outputs. May be given any number of rows. */
  predict(columns: FeatureColumns): Promise<Float64Array>;
};
