import type { ModelExplanation } from '../contracts/explanation.ts';

import { describeImportance } from './describe-importance.ts';
import type { ExplanationSizes } from './explanation-sizes.ts';
import { lastRows } from './last-rows.ts';
import { type MeasuredImportance, measureImportance, type SampleMetric } from './measure-importance.ts';
import { partialDependence } from './partial-dependence.ts';
import type { FeatureColumns, Predictor } from './predictor.ts';
import { shapleyValues } from './shapley-values.ts';
import { summariseAttributions } from './summarise-attributions.ts';
import { takeColumns } from './take-columns.ts';

export type ExplainedModel = {
  sha256: string;
  /** Inputs of the model on the sampled rows, which are in random order. */
  columns: FeatureColumns;
  blocks: readonly Uint32Array[];
};

/** What one model goes by: importance of every input, SHAP values of some rows, dependence on the most important inputs. */
export async function explainModel(
  { sha256, columns, blocks }: ExplainedModel,
  { metric, sizes, seed }: { metric: SampleMetric; sizes: ExplanationSizes; seed: number },
  predictor: Predictor,
): Promise<{ outputs: string[]; explanation: ModelExplanation; measured: MeasuredImportance[] }> {
  const { repeats, attributed, background, coalitions, drawn, grid, lines } = sizes;
  const { score, importance: measured } = await measureImportance(
    { columns, blocks },
    { metric, repeats, seed },
    predictor,
  );
  const importance = describeImportance(measured);

  const sampled = Object.values(columns)[0]?.length ?? 0;
  const explained = firstRows(columns, attributed);
  // From the other end of the random order: in all but tiny samples no row is its own background.
  const behind = lastRows(columns, background);
  const shapley = await shapleyValues({ rows: explained, background: behind }, { most: coalitions, seed }, predictor);
  const subject = { rows: explained, background: Math.min(background, sampled), outputs: predictor.outputs };

  const dependence = [];
  const few = firstRows(columns, sizes.dependent);
  for (const { feature } of importance.slice(0, drawn)) {
    dependence.push(...(await partialDependence(few, feature, { grid, lines }, predictor)));
  }
  return {
    outputs: [...predictor.outputs],
    explanation: {
      sha256,
      score: Number.isFinite(score) ? score : null,
      importance,
      attributions: summariseAttributions(subject, shapley, sizes.beeswarm),
      dependence,
    },
    measured,
  };
}

function firstRows(columns: FeatureColumns, most: number): FeatureColumns {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return takeColumns(
    columns,
    Uint32Array.from({ length: Math.min(most, rows) }, (_, at) => at),
  );
}
