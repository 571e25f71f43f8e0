import { describe, expect, test } from 'vitest';
import { evaluationSchema, type MetricName, metricNameSchema } from '../../../pipelines/contracts/evaluation.ts';
import { baselinesOf } from '../../../pipelines/evaluation/baseline-of.ts';
import { findWorstSlices } from '../../../pipelines/evaluation/find-worst-slices.ts';
import {
  binaryRows,
  type JudgedRows,
  multiclassRows,
  multilabelRows,
  regressionRows,
} from '../../../pipelines/evaluation/judged-rows.ts';
import { makeCurves } from '../../../pipelines/evaluation/make-curves.ts';
import { measureMetrics } from '../../../pipelines/evaluation/measure-metric.ts';
import { measureRows } from '../../../pipelines/evaluation/measure-rows.ts';
import { metricsOfTask } from '../../../pipelines/evaluation/metric-catalogue.ts';
import { mean } from '../../../pipelines/statistics/moments.ts';
import { type Random, seededRandom } from '../../../pipelines/statistics/seeded-random.ts';

const none = { resamples: 0 };
const fill = (n: number, of: (row: number) => number) => Float64Array.from({ length: n }, (_, row) => of(row));
const logistic = (z: number) => 1 / (1 + Math.exp(-z));
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Rows as they come out of a world that is known. */
const worlds = {
  binary(n: number, random: Random): JudgedRows {
    const z = fill(n, () => normal(random) - 0.3);
    return binaryRows(
      z.map((own) => Number(random() < logistic(own))),
      z.map((own) => logistic(own + 0.5 * normal(random))),
      { threshold: 0.5 },
    );
  },
  multiclass(n: number, random: Random): JudgedRows {
    const raw = [0, 1, 2].map((shift) => fill(n, () => Math.exp(normal(random) - shift / 2)));
    const scores = raw.map((column) =>
      column.map((value, row) => value / raw.reduce((sum, own) => sum + (own[row] ?? 0), 0)),
    );
    const labels = fill(n, (row) => {
      const drawn = random();
      return drawn < (scores[0]?.[row] ?? 0) ? 0 : drawn < (scores[0]?.[row] ?? 0) + (scores[1]?.[row] ?? 0) ? 1 : 2;
    });
    return multiclassRows(labels, scores, { classes: ['a', 'b', 'c'] });
  },
  multilabel(n: number, random: Random): JudgedRows {
    const shared = fill(n, () => normal(random));
    const labels = [0.3, -0.5].map((shift) => shared.map((own) => Number(random() < logistic(own + shift))));
    const scores = [0.3, -0.5].map((shift) => shared.map((own) => logistic(own + shift)));
    return multilabelRows(labels, scores, { classes: ['a', 'b'], threshold: 0.5 });
  },
  regression(n: number, random: Random): JudgedRows {
    const scores = fill(n, () => 20 + normal(random));
    return regressionRows(
      scores.map((own) => own + normal(random)),
      scores,
    );
  },
  ranking(n: number, random: Random): JudgedRows {
    const labels = fill(n, () => Math.floor(random() * 3));
    return {
      task: 'ranking',
      labels,
      scores: labels.map((own) => own + 2 * normal(random)),
      queries: fill(n, (row) => Math.floor(row / 8)),
    };
  },
};

describe('95 % intervals hold what is true about 95 times in 100', () => {
  test.each<[keyof typeof worlds, MetricName[]]>([
    ['binary', ['pr_auc', 'f1', 'f_beta@2', 'balanced_accuracy', 'mcc', 'kappa', 'jaccard', 'brier']],
    ['multiclass', ['roc_auc', 'f1', 'precision_weighted', 'balanced_accuracy', 'kappa', 'log_loss']],
    ['multilabel', ['f1', 'f1_micro', 'jaccard', 'hamming_loss', 'roc_auc']],
    ['regression', ['r2', 'explained_variance', 'rmse', 'median_ae', 'mape', 'pinball@0.9']],
    ['ranking', ['ndcg', 'ndcg@3', 'mrr']],
  ])('%s', (task, names) => {
    const random = seededRandom(11);
    const truth = measureMetrics(names, worlds[task](100_000, random), none).map(({ value }) => value ?? Number.NaN);
    const draws = 100;
    const held = names.map(() => 0);
    for (let draw = 0; draw < draws; draw += 1) {
      measureMetrics(names, worlds[task](400, random), { resamples: 80 }).forEach(({ interval }, at) => {
        const wanted = truth[at] ?? Number.NaN;
        if (interval !== null && interval.low <= wanted && wanted <= interval.high) held[at] = (held[at] ?? 0) + 1;
      });
    }
    // 95 % less and more three standard errors of 100 draws, and what a linear view of 400 rows leaves out.
    names.forEach((name, at) => {
      expect((held[at] ?? 0) / draws, name).toBeGreaterThan(0.86);
    });
    expect(mean(Float64Array.from(held)) / draws).toBeLessThan(0.99);
  });
});

describe('a dummy', () => {
  const rows = worlds.binary(500, seededRandom(3));
  const names = metricsOfTask('binary').map((name) => metricNameSchema.parse(name));

  test('of a binary model gets what rows of one answer get', () => {
    const share = mean(rows.task === 'binary' ? rows.labels : new Float64Array());
    const labels = rows.task === 'binary' ? rows.labels : new Float64Array();
    const prior = binaryRows(
      labels,
      labels.map(() => share),
      { threshold: 0.5 },
    );
    const explicit = measureMetrics(names, prior, none);
    const baselines = baselinesOf(names, rows);
    explicit.forEach(({ name, value }) => {
      const found = baselines.get(name)?.value;
      if (value === null) expect(found, name).toBeNull();
      else expect(found, name).toBeCloseTo(value, 10);
    });
  });

  test('of every task is beaten by the model that made the labels', () => {
    for (const task of ['multiclass', 'multilabel', 'regression', 'ranking'] as const) {
      const own = worlds[task](1000, seededRandom(5));
      const [primary = 'mae'] = metricsOfTask(task).map((name) => metricNameSchema.parse(name));
      const [measured] = measureMetrics([primary], own, none);
      const dummy = baselinesOf([primary], own).get(primary)?.value ?? Number.NaN;
      if (task === 'regression') expect(measured?.value).toBeLessThan(dummy);
      else expect(measured?.value).toBeGreaterThan(dummy);
    }
  });
});

describe('curves', () => {
  test('of 20,000 rows are 200 points at most, and enclose the area that is measured', () => {
    const rows = worlds.binary(20_000, seededRandom(9));
    const curves = makeCurves(rows);
    const points = curves.roc?.[0]?.points ?? [];
    expect(points.length).toBeGreaterThan(50);
    expect(points.length).toBeLessThanOrEqual(200);
    expect(points[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0, threshold: null });
    expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    let area = 0;
    points.forEach((point, at) => {
      const before = points[at - 1];
      if (before === undefined) return;
      area +=
        ((point.falsePositiveRate - before.falsePositiveRate) * (point.truePositiveRate + before.truePositiveRate)) / 2;
    });
    expect(area).toBeCloseTo(measureMetrics(['roc_auc'], rows, none)[0]?.value ?? 0, 3);
    expect(curves.precisionRecall?.[0]?.points.length).toBeLessThanOrEqual(200);
    expect(curves.gain?.at(-1)).toEqual({ share: 1, captured: 1, lift: 1 });
    expect(curves.reliability?.bins.reduce((sum, { n }) => sum + n, 0)).toBe(20_000);
    expect(curves.scores?.groups.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0)).toBe(20_000);
  });

  test('of tied scores rise in a straight line', () => {
    const rows = binaryRows(Float64Array.of(1, 0, 1, 0), Float64Array.of(0.5, 0.5, 0.5, 0.5), { threshold: 0.5 });
    const { roc, gain } = makeCurves(rows);
    expect(roc?.[0]?.points).toHaveLength(2);
    expect(gain?.every(({ share, captured }) => Math.abs(share - captured) < 1e-9)).toBe(true);
  });

  test('of residuals keep every row, those far out in the outer bins', () => {
    const scores = fill(1000, (row) => (row === 0 ? 1e6 : row % 10));
    const { residuals } = makeCurves(
      regressionRows(
        fill(1000, () => 0),
        scores,
      ),
    );
    expect(residuals?.counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(residuals?.edges.at(-1)).toBeLessThan(100);
  });

  test('of 60 classes count the smallest ones together', () => {
    const labels = fill(3000, (row) => row % 60);
    const rows = multiclassRows(labels, [], {
      classes: Array.from({ length: 60 }, (_, index) => `class ${index}`),
      decisions: labels,
    });
    const { confusion } = makeCurves(rows);
    expect(confusion?.classes).toHaveLength(51);
    expect(confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(3000);
  });
});

describe('the search for bad slices', () => {
  const columns = (n: number, random: Random) =>
    [4, 3, 5].map((size, at) => ({
      by: `column ${at}`,
      names: Array.from({ length: size }, (_, code) => `group ${code}`),
      codes: fill(n, () => Math.floor(random() * size)),
    }));

  test('finds something where there is nothing one time in twenty at most', () => {
    const random = seededRandom(21);
    let found = 0;
    for (let draw = 0; draw < 200; draw += 1) {
      const values = fill(1000, () => -Math.log(1 - random()));
      const { slices } = findWorstSlices(columns(1000, random), { name: 'loss', values });
      if (slices.some(({ adjustedP }) => adjustedP < 0.05)) found += 1;
    }
    // A skewed loss in 50 rows is not quite normal: 5 % and three standard errors of 200 draws, and a little more.
    expect(found / 200).toBeLessThan(0.12);
  });

  test('leaves out the parts of a slice that is listed, and slices that are too small', () => {
    const random = seededRandom(22);
    const own = columns(4000, random);
    const values = fill(4000, (row) => (own[0]?.codes[row] === 2 ? 2 : 1) + 0.1 * normal(random));
    const { slices, minSize, tested } = findWorstSlices(own, { name: 'loss', values });
    expect(slices[0]?.where).toEqual([{ by: 'column 0', group: 'group 2' }]);
    expect(slices[0]?.difference).toBeCloseTo(1, 1);
    const listedParts = slices.filter(
      ({ where }) => where.length === 2 && where.some(({ by, group }) => by === 'column 0' && group === 'group 2'),
    );
    expect(listedParts).toEqual([]);
    expect(minSize).toBe(50);
    expect(tested).toBe(12 + 12 + 20 + 15);
  });
});

test('everything that is measured of every task fits into an evaluation', () => {
  const shape = evaluationSchema.pick({
    metrics: true,
    undefinedMetrics: true,
    groups: true,
    conventions: true,
    slices: true,
    byClass: true,
    curves: true,
    worstSlices: true,
  });
  for (const task of ['binary', 'multiclass', 'multilabel', 'regression', 'ranking'] as const) {
    const names = metricsOfTask(task).map((name) => metricNameSchema.parse(name));
    const rows = worlds[task](240, seededRandom(2));
    const by = [{ by: 'half', names: ['left', 'right', 'nobody'], codes: fill(240, (row) => row % 2) }];
    const measured = measureRows(names, rows, { by, search: { columns: by, step: 1 } });
    expect(() => shape.parse(measured)).not.toThrow();
    expect(measured.slices?.[2]).toMatchObject({
      group: 'nobody',
      n: 0,
      metrics: names.map(() => ({ value: null, reason: 'no row' })),
    });
  }
});
