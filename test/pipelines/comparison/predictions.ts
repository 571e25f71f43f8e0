import type { PairedPredictions } from '../../../pipelines/comparison/compare-evaluations.ts';
import type { Evaluation, MetricName } from '../../../pipelines/contracts/evaluation.ts';
import { binaryRows, regressionRows } from '../../../pipelines/evaluation/judged-rows.ts';
import { measureMetric } from '../../../pipelines/evaluation/measure-metric.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

export const binaryMetrics = [
  'roc_auc',
  'pr_auc',
  'log_loss',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
] as const satisfies readonly MetricName[];

/** Calibrated probabilities of which head sees more than base; `lift` 0 makes both equally good. */
export function drawPredictions({ rows, lift = 0.6, seed = 1 }: { rows: number; lift?: number; seed?: number }): {
  labels: Float64Array;
  base: Float64Array;
  head: Float64Array;
  groups: PairedPredictions['groups'];
} {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const labels = new Float64Array(rows);
  const base = new Float64Array(rows);
  const head = new Float64Array(rows);
  const codes = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [shared, onlyBase, onlyHead] = [normal(), normal(), normal()];
    labels[row] = Number(random() < logistic(-0.5 + shared + 0.6 * onlyBase + (0.6 + lift) * onlyHead));
    base[row] = logistic(-0.5 + shared + 0.6 * onlyBase);
    head[row] = logistic(-0.5 + shared + (0.6 + lift) * onlyHead);
    codes[row] = Math.floor(random() * 3);
  }
  return { labels, base, head, groups: [{ by: 'region', names: ['east', 'north', 'west'], codes }] };
}

/** Drawn predictions as the rows of two binary models, or of two that predict a number. */
export function pairedRows(
  {
    labels,
    base,
    head,
    groups,
  }: { labels: Float64Array; base: Float64Array | null; head: Float64Array } & Pick<PairedPredictions, 'groups'>,
  task: 'binary' | 'regression' = 'binary',
): PairedPredictions {
  const rows = (scores: Float64Array) =>
    task === 'binary' ? binaryRows(labels, scores, { threshold: 0.5 }) : regressionRows(labels, scores);
  return { base: base && rows(base), head: rows(head), groups };
}

function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

export function evaluationOf(
  labels: Float64Array,
  scores: Float64Array,
  names: readonly MetricName[] = binaryMetrics,
): Evaluation {
  const rows = names.every((name) => ['mae', 'rmse', 'r2'].includes(name))
    ? regressionRows(labels, scores)
    : binaryRows(labels, scores, { threshold: 0.5 });
  return {
    kind: 'evaluation',
    version: 1,
    model: 'flight-delay',
    sha256: 'a'.repeat(64),
    task: names.every((name) => ['mae', 'rmse', 'r2'].includes(name)) ? 'regression' : 'binary',
    threshold: 0.5,
    holdout: {
      data: 'data/holdout.parquet',
      dataIntegrity: integrityOf('holdout'),
      rule: 'every labelled row',
      from: '2001-04-01',
      to: '2001-04-30',
      rows: labels.length,
      integrity: integrityOf('rows'),
    },
    inputs: [{ name: 'hour', type: 'float32' }],
    metrics: names.map((name) => measureMetric(name, rows)).filter((metric) => metric !== null),
    groups: [],
    cost: { size: 1000, loadMs: 3, latencyP50Ms: 0.1, latencyP95Ms: 0.2, rowsPerSecond: 1e6 },
    predictions: { path: 'head.parquet', integrity: integrityOf('predictions'), rows: labels.length },
  };
}
