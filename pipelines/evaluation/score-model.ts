import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';
import type { ModelTensor, ScoreResult, Scorer } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { readInputs } from './read-inputs.ts';

export type ScoreSubject = { model: string; policy: ModelConfig; modelPath: string; loaded: LoadedHoldout };

/**
 * What one ONNX file answers on one holdout: what inputs does it want, which columns are they, what does it say. Throws
 * what the ports throw, `task-unsupported` or `model-inputs-mismatch`.
 */
export async function scoreModel(
  { model, policy, modelPath, loaded }: ScoreSubject,
  { tables, scorer }: { tables: Tables; scorer: Scorer },
): Promise<ScoreResult> {
  if (policy.task === 'multiclass') {
    throw new PulltrainError('task-unsupported', {
      what: 'a multiclass model cannot be evaluated yet',
      where: model,
      allowed: 'binary, regression',
    });
  }
  const readColumns = (inputs: readonly ModelTensor[]) => readInputs(inputs, loaded, policy.holdout.target, tables);
  return scorer.score(modelPath, readColumns, { probability: policy.task === 'binary' });
}
