import type { ModelConfig } from '../config/schema.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import type { ModelTensor, Scorer } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { measureGroups } from './measure-groups.ts';
import { measureMetric } from './measure-metric.ts';
import { metricsOf } from './metrics-of.ts';
import { readInputs } from './read-inputs.ts';
import { scoredRows } from './scored-rows.ts';
import { writePredictions } from './write-predictions.ts';

/** Seed of every bootstrap of an evaluation and a comparison. */
export const SEED = 1;

export type EvaluationPorts = {
  tables: Tables;
  scorer: Scorer;
  /** Integrity of a file that was just written. */
  integrityOfFile(path: string): Promise<string>;
};

/**
 * Journey: one ONNX file on one holdout. What inputs does it want, which columns are they, what does it answer, how good
 * is that, and for whom. Throws what the ports throw, `task-unsupported`, `model-inputs-mismatch` or `metric-unsuited`.
 */
export async function evaluateModel(
  subject: {
    model: string;
    policy: ModelConfig;
    modelPath: string;
    loaded: LoadedHoldout;
    /** Parquet file to write; the document keeps its last part. */
    predictions: string;
  },
  { tables, scorer, integrityOfFile }: EvaluationPorts,
): Promise<{ evaluation: Evaluation; scores: Float64Array }> {
  const { model, policy, modelPath, loaded, predictions } = subject;
  const { holdout, labels, groups } = loaded;
  if (policy.task === 'multiclass') {
    throw new PulltrainError('task-unsupported', {
      what: 'a multiclass model cannot be evaluated yet',
      where: model,
      allowed: 'binary, regression',
    });
  }
  const names = metricsOf(policy);
  const isBinary = policy.task === 'binary';

  const readColumns = (inputs: readonly ModelTensor[]) => readInputs(inputs, loaded, policy.holdout.target, tables);
  const result = await scorer.score(modelPath, readColumns, { probability: isBinary });
  const rows = scoredRows(labels, result.scores, policy.threshold);
  const metrics = names.map((name) => measureMetric(name, rows, seededRandom(SEED)));
  await writePredictions({ path: predictions, scores: result.scores, by: groups.map(({ by }) => by) }, tables);

  const evaluation: Evaluation = {
    kind: 'evaluation',
    version: 1,
    model,
    sha256: result.sha256,
    task: policy.task,
    threshold: isBinary ? policy.threshold : null,
    holdout,
    inputs: result.inputs.map(({ name, type }) => ({ name, type })),
    metrics: metrics.filter((metric) => metric !== null),
    groups: isBinary ? groups.flatMap((column) => measureGroups(column, rows)) : [],
    cost: {
      size: result.size,
      loadMs: result.loadMs,
      latencyP50Ms: result.latencyP50Ms,
      latencyP95Ms: result.latencyP95Ms,
      rowsPerSecond: result.rowsPerSecond,
    },
    predictions: {
      path: predictions.slice(predictions.lastIndexOf('/') + 1),
      integrity: await integrityOfFile(predictions),
      rows: labels.length,
    },
  };
  return { evaluation, scores: result.scores };
}
