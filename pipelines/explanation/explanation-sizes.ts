/** How much work goes into an explanation, counted in rows that the model is asked for. */
export type ExplanationSizes = {
  /** Rows that importance is measured on, and shuffles of every input. */
  rows: number;
  repeats: number;
  /** Rows with SHAP values, rows of their background, and coalitions asked for per row. */
  attributed: number;
  background: number;
  coalitions: number;
  /** Inputs whose SHAP values are kept point by point. */
  beeswarm: number;
  /** Inputs whose dependence is taken, values along each, rows it is averaged over, single rows that are kept. */
  drawn: number;
  grid: number;
  dependent: number;
  lines: number;
};

/** For a person who asked for it. */
export function thoroughSizes(features: number): ExplanationSizes {
  return {
    rows: 5000,
    repeats: 10,
    attributed: 200,
    background: 100,
    coalitions: 2 * features + 2048,
    beeswarm: 20,
    drawn: 10,
    grid: 20,
    dependent: 1000,
    lines: 50,
  };
}
