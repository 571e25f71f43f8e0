import type { ModelConfig } from '../config/schema.ts';
import type { Cost } from '../contracts/evaluation.ts';
import type { ModelDescription, OpenModel } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import { answerKindOf, toColumns } from './answer-columns.ts';
import { costOf } from './cost-of.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { type ObservedInputs, observeInputs } from './observe-inputs.ts';
import { openInputs } from './open-inputs.ts';
import { requireOrder, requireScores } from './require-scores.ts';

export type ScoreSubject = {
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Row numbers whose inputs are kept, in this order. */
  sample: Uint32Array;
};

export type ScoreResult = ModelDescription & {
  /** A number per row in row order: one column, or one for each class (multiclass) or label (multilabel). */
  scores: readonly Float64Array[];
  cost: Cost;
  /** The inputs of the sampled rows, and the ranges of all. */
  observed: ObservedInputs;
};

/** Rows that latencies are taken with. */
const timedRows = 512;
const timedSizes = [1, 8, 64, 512];

/**
 * What an open model answers on one holdout: which columns are its inputs, how long do its calls take, what does it say.
 * Throws what the ports throw, `model-inputs-mismatch` or `model-output-invalid`.
 */
export async function scoreModel(
  { policy, loaded, sample }: ScoreSubject,
  {
    tables,
    model,
    timed = async () => {},
  }: {
    tables: Tables;
    model: OpenModel /** Told that latencies have been taken; scoring goes on when it resolves. */;
    timed?: () => Promise<void>;
  },
): Promise<ScoreResult> {
  const inputs = await openInputs(model.description.inputs, loaded, policy, tables);
  const latencies = await model.time(await inputs.first(timedRows), timedSizes);
  await timed();
  const { batches, observed } = observeInputs(inputs.batches(), sample);
  const answers = await model.score(batches, answerKindOf(policy.task));
  const { classes } = loaded;
  const scores = toColumns(answers);
  const own = model.description.classes;
  if (policy.task === 'multiclass' || policy.task === 'binary') requireOrder(own, classes);
  requireScores(scores, policy, { classes, own });
  return {
    ...model.description,
    scores,
    cost: costOf(model, { latencies, answers, peakMemory: await model.peakMemory() }),
    observed: observed(),
  };
}
