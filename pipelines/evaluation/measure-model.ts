import type { ModelConfig } from '../config/schema.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Tables } from '../ports/tables.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import type { LoadedHoldout } from './load-holdout.ts';
import { measureGroups } from './measure-groups.ts';
import { measureMetric } from './measure-metric.ts';
import { metricsOf } from './metrics-of.ts';
import type { ScoreResult } from './score-model.ts';
import { scoredRows } from './scored-rows.ts';
import { loadScores, writePredictions } from './write-predictions.ts';

/** Seed of every bootstrap of an evaluation and a comparison. */
export const SEED = 1;

export type MeasurePorts = {
  tables: Tables;
  /** Integrity of a file that was just written. */
  integrityOfFile(path: string): Promise<string>;
};

export type MeasureSubject = {
  model: string;
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Parquet file to write; the document keeps its last part. */
  predictions: string;
};

/** How good a model's answers on a holdout are, and for whom. Throws what the ports throw or `metric-unsuited`. */
export async function measureModel(
  { model, policy, loaded, predictions }: MeasureSubject,
  result: ScoreResult,
  { tables, integrityOfFile }: MeasurePorts,
): Promise<Evaluation> {
  const { holdout, labels, groups } = loaded;
  const isBinary = policy.task === 'binary';
  const names = metricsOf(policy);
  const [scores = new Float64Array()] = result.scores;
  const rows = scoredRows(labels, scores, policy.threshold);
  await loadScores(scores, tables);
  const [, { metrics, measured }] = await Promise.all([
    writePredictions({ path: predictions, by: groups.map(({ by }) => by) }, tables),
    // Computed while the table engine writes.
    (async () => ({
      metrics: names.map((name) => measureMetric(name, rows, seededRandom(SEED))),
      measured: isBinary ? groups.flatMap((column) => measureGroups(column, rows)) : [],
    }))(),
  ]);
  return {
    kind: 'evaluation',
    version: 1,
    model,
    sha256: result.sha256,
    task: policy.task,
    threshold: isBinary ? policy.threshold : null,
    holdout,
    inputs: result.inputs.map(({ name, type }) => ({ name, type })),
    metrics: metrics.filter((metric) => metric !== null),
    groups: measured,
    cost: result.cost,
    predictions: {
      path: predictions.slice(predictions.lastIndexOf('/') + 1),
      integrity: await integrityOfFile(predictions),
      rows: labels.length,
    },
  };
}
