import type { RowExplanation } from '../contracts/explanation.ts';
import type { ExplanationSizes } from './explanation-sizes.ts';
import { lastRows } from './last-rows.ts';
import type { FeatureColumns, Predictor } from './predictor.ts';
import { shapleyValues } from './shapley-values.ts';

export type ExplainedRow = {
  /** What the row is called in the document. */
  row: number;
  /** Its inputs: columns of one value. */
  columns: FeatureColumns;
  /** The sample that the model is explained on, whose last rows are the background. */
  sample: FeatureColumns;
};

/** Why one row got its answers, by SHAP values on the same background as `explainModel`. */
export async function explainRow(
  { row, columns, sample }: ExplainedRow,
  { sizes, seed }: { sizes: Pick<ExplanationSizes, 'background' | 'coalitions'>; seed: number },
  predictor: Predictor,
): Promise<RowExplanation> {
  const { outputs } = predictor;
  const subject = { rows: columns, background: lastRows(sample, sizes.background) };
  const shapley = await shapleyValues(subject, { most: sizes.coalitions, seed }, predictor);
  return {
    row,
    method: shapley.method,
    coalitions: shapley.coalitions,
    outputs: outputs.map((output, index) => ({
      output,
      baseline: shapley.baseline[index] ?? 0,
      prediction: shapley.predictions[index] ?? 0,
      contributions: Object.entries(columns)
        .map(([feature, [value]], at) => ({
          feature,
          value: plain(value),
          shap: shapley.values[at * outputs.length + index] ?? 0,
        }))
        .toSorted((left, right) => Math.abs(right.shap) - Math.abs(left.shap)),
    })),
  };
}

function plain(value: number | string | undefined): number | string | null {
  return typeof value === 'string' || (value !== undefined && Number.isFinite(value)) ? value : null;
}
