import type { RowExplanation } from '../contracts/explanation.ts';
import type { FeatureColumns } from './predictor.ts';

import type { ShapleyValues } from './shapley-values.ts';

/** Why the row at place `at` of the explained ones got its answers. `row` is what the row is called in the document. */
export function explainRow(
  { rows, outputs, at, row }: { rows: FeatureColumns; outputs: readonly string[]; at: number; row: number },
  shapley: ShapleyValues,
): RowExplanation {
  const features = Object.keys(rows);
  return {
    row,
    method: shapley.method,
    coalitions: shapley.coalitions,
    outputs: outputs.map((output, index) => ({
      output,
      baseline: shapley.baseline[index] ?? 0,
      prediction: shapley.predictions[at * outputs.length + index] ?? 0,
      contributions: features
        .map((feature, place) => ({
          feature,
          value: plain(rows[feature]?.[at]),
          shap: shapley.values[(at * features.length + place) * outputs.length + index] ?? 0,
        }))
        .toSorted((left, right) => Math.abs(right.shap) - Math.abs(left.shap)),
    })),
  };
}

function plain(value: number | string | undefined): number | string | null {
  return typeof value === 'string' || (value !== undefined && Number.isFinite(value)) ? value : null;
}
