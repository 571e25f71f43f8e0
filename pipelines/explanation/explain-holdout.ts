import type { ModelConfig } from '../config/schema.ts';
import type { Explanation } from '../contracts/explanation.ts';
import type { LoadedHoldout } from '../evaluation/load-holdout.ts';
import type { OpenModel } from '../ports/scorer.ts';
import { compareImportance } from './compare-importance.ts';
import type { RowSample } from './draw-sample.ts';
import { explainModel } from './explain-model.ts';
import type { ExplanationSizes } from './explanation-sizes.ts';
import { judgedMetric } from './judged-metric.ts';
import type { FeatureColumns } from './predictor.ts';
import { predictorOf } from './predictor-of.ts';

export type ExplainedSubject = {
  model: string;
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Rows of the holdout that both sides have observed, in this order. */
  sample: RowSample;
  seed: number;
};

/** An open model and its inputs on the sample. */
export type ExplainedSide = { open: OpenModel; columns: FeatureColumns };

/**
 * What a head goes by and how that differs from its base, on the same sample of the holdout with the same shuffles. Throws what
 * the models throw, or `model-output-invalid` where one has no answer to a row whose inputs are shuffled.
 */
export async function explainHoldout(
  { model, policy, loaded, sample, seed }: ExplainedSubject,
  { head, base }: { head: ExplainedSide; base: ExplainedSide | null },
  sizesFor: (inputs: number) => ExplanationSizes,
): Promise<Explanation> {
  const metric = judgedMetric(policy, loaded, sample.rows);
  const inputs = Math.max(...[head, base].map((side) => side?.open.description.inputs.length ?? 0));
  const sizes = sizesFor(inputs);
  const explain = ({ open, columns }: ExplainedSide) =>
    explainModel(
      { sha256: open.description.sha256, columns, blocks: sample.blocks },
      { metric, sizes, seed },
      predictorOf(open, { task: policy.task, classes: loaded.classes }),
    );
  const after = await explain(head);
  const before = base === null ? null : await explain(base);
  return {
    kind: 'explanation',
    version: 1,
    model,
    metric: { name: metric.name, direction: metric.direction },
    outputs: after.outputs,
    sample: { rows: sample.rows.length, of: loaded.labels.length, repeats: sizes.repeats, seed },
    head: after.explanation,
    base: before?.explanation ?? null,
    change: before === null ? [] : compareImportance(before.measured, after.measured),
  };
}
