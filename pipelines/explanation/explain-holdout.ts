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
import { takeColumns } from './take-columns.ts';

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
  const inputs = Math.max(...[head, base].map((side) => side?.open.description.inputs.length ?? 0));
  const sizes = sizesFor(inputs);
  // Queries of a ranking are not cut.
  const blocks = loaded.queries === undefined ? firstPlaces(sample, sizes.rows) : sample.blocks;
  const rows = blocks.reduce((sum, block) => sum + block.length, 0);
  const metric = judgedMetric(policy, loaded, sample.rows.subarray(0, rows));
  const places = Uint32Array.from({ length: rows }, (_, at) => at);
  const explain = ({ open, columns }: ExplainedSide) =>
    explainModel(
      { sha256: open.description.sha256, columns: takeColumns(columns, places), blocks },
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
    sample: { rows, of: loaded.labels.length, repeats: sizes.repeats, seed },
    head: after.explanation,
    base: before?.explanation ?? null,
    change: before === null ? [] : compareImportance(before.measured, after.measured),
  };
}

/** The blocks of a sample without the places behind the first `most`; those are in random order, so any will do. */
function firstPlaces({ blocks }: RowSample, most: number): Uint32Array[] {
  return blocks.map((block) => block.filter((place) => place < most)).filter((block) => block.length > 0);
}
