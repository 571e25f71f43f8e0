import { describe, expect, test } from 'vitest';
import type { ModelConfig } from '../../../pipelines/config/schema.ts';
import { judgedRowsOf } from '../../../pipelines/evaluation/judged-rows-of.ts';
import type { LoadedHoldout } from '../../../pipelines/evaluation/load-holdout.ts';
import { measureMetrics } from '../../../pipelines/evaluation/measure-metric.ts';
import { takeTruth } from '../../../pipelines/evaluation/take-truth.ts';
import { judgedMetric } from '../../../pipelines/explanation/judged-metric.ts';
import { seededRandom } from '../../../pipelines/statistics/seeded-random.ts';
import { take } from '../../../pipelines/statistics/take.ts';

const random = seededRandom(4);
const rows = 60;
const column = (make: () => number) => Float64Array.from({ length: rows }, make);
const bits = () => column(() => Number(random() < 0.4));

function holdoutOf(truth: Partial<LoadedHoldout>): LoadedHoldout {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const holdout = { data: 'd', dataIntegrity: integrity, rule: 'all', from: null, to: null, rows, integrity };
  return { holdout, columns: new Map(), labels: new Float64Array(rows), classes: [], groups: [], ...truth };
}

type Case = [Pick<ModelConfig, 'task' | 'threshold'>, ModelConfig['metrics']['primary'][], LoadedHoldout, number];
const classes = ['a', 'b', 'c'];
const cases: Case[] = [
  [{ task: 'binary', threshold: 0.5 }, ['roc_auc', 'log_loss', 'f1', 'ece', 'mcc'], holdoutOf({ labels: bits() }), 1],
  [{ task: 'regression', threshold: 0.5 }, ['rmse', 'r2', 'mae'], holdoutOf({ labels: column(random) }), 1],
  [
    { task: 'multiclass', threshold: 0.5 },
    ['accuracy', 'roc_auc', 'log_loss'],
    holdoutOf({ labels: column(() => Math.floor(random() * 3)), classes }),
    3,
  ],
  [
    { task: 'multilabel', threshold: 0.5 },
    ['f1', 'roc_auc'],
    holdoutOf({ labelColumns: [bits(), bits(), bits()], classes }),
    3,
  ],
  [
    { task: 'ranking', threshold: 0.5 },
    ['ndcg', 'mrr'],
    holdoutOf({ labels: column(() => Math.floor(random() * 4)), queries: column(() => Math.floor(random() * 10)) }),
    1,
  ],
];

describe('judgedMetric', () => {
  test.each(
    cases.flatMap(([policy, names, loaded, width]) =>
      names.map((name) => [policy.task, name, policy, loaded, width] as const),
    ),
  )('%s: %s is what the evaluation would say of the same rows', (_, name, policy, loaded, width) => {
    // Every other row of the holdout, backwards.
    const sample = Uint32Array.from({ length: 30 }, (_, at) => 59 - 2 * at);
    const raw = Array.from({ length: 30 }, () => Array.from({ length: width }, random));
    const answers = Float64Array.from(
      raw.flatMap((row) => {
        const sum = width === 1 || policy.task === 'multilabel' ? 1 : row.reduce((all, value) => all + value, 0);
        return row.map((value) => value / sum);
      }),
    );
    const metric = judgedMetric({ ...policy, metrics: { primary: name, also: [] } }, loaded, sample);
    const all = Uint32Array.from(sample.keys());
    const parts = [all, all.filter((place) => place % 3 !== 0)];
    const found = metric.measure(parts, answers);
    expect(metric.measure(parts, answers)).toEqual(found);
    parts.forEach((part, index) => {
      const scores = Array.from({ length: width }, (_, output) =>
        Float64Array.from(part, (place) => answers[place * width + output] ?? Number.NaN),
      );
      const truth = takeTruth(loaded, Uint32Array.from(take(Float64Array.from(sample), part)));
      const [wanted] = measureMetrics([name], judgedRowsOf(policy, truth, scores), { resamples: 10 });
      expect(wanted?.value).not.toBeNull();
      expect(found[index]).toBeCloseTo(wanted?.value ?? Number.NaN, 12);
    });
  });

  test('is NaN where the rows do not define it', () => {
    const loaded = holdoutOf({ labels: new Float64Array(rows) });
    const policy = { task: 'binary', threshold: 0.5, metrics: { primary: 'roc_auc', also: [] } } as const;
    const all = Uint32Array.from({ length: rows }, (_, at) => at);
    const metric = judgedMetric({ ...policy, metrics: { primary: 'roc_auc', also: [] } }, loaded, all);
    expect(metric.measure([all], column(random))).toEqual([Number.NaN]);
  });
});
