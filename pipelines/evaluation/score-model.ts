import type { ModelConfig } from '../config/schema.ts';
import type { Cost } from '../contracts/evaluation.ts';
import type { ModelDescription, OpenModel, Scores } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import { costOf } from './cost-of.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { openInputs } from './open-inputs.ts';
import { requireScores } from './require-scores.ts';

export type ScoreSubject = { policy: ModelConfig; loaded: LoadedHoldout };

export type ScoreResult = ModelDescription & {
  /** A number per row in row order: one column, or one for each class (multiclass) or label (multilabel). */
  scores: readonly Float64Array[];
  cost: Cost;
};

/** Rows that latencies are taken with. */
const timedRows = 512;
const timedSizes = [1, 8, 64, 512];

/**
 * What an open model answers on one holdout: which columns are its inputs, how long do its calls take, what does it say.
 * Throws what the ports throw, `model-inputs-mismatch` or `model-output-invalid`.
 */
export async function scoreModel(
  { policy, loaded }: ScoreSubject,
  { tables, model }: { tables: Tables; model: OpenModel },
): Promise<ScoreResult> {
  const inputs = await openInputs(model.description.inputs, loaded, policy, tables);
  const latencies = await model.time(await inputs.first(timedRows), timedSizes);
  const kind = policy.task === 'multiclass' || policy.task === 'multilabel' ? 'all' : 'one';
  const answers = await model.score(inputs.batches(), kind);
  const scores = toColumns(answers);
  requireScores(scores, policy, loaded);
  return {
    ...model.description,
    scores,
    cost: costOf(model, { latencies, answers, peakMemory: await model.peakMemory() }),
  };
}

function toColumns({ values, rows, width }: Scores): Float64Array[] {
  if (width === 1) return [values];
  return Array.from({ length: width }, (_, column) => {
    const own = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) own[row] = values[row * width + column] ?? Number.NaN;
    return own;
  });
}
