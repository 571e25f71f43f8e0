import { describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { compareMetric } from '../../../pipelines/comparison/compare-metric.ts';
import { compareSlices } from '../../../pipelines/comparison/compare-slices.ts';
import { type Comparison, comparisonSchema } from '../../../pipelines/contracts/comparison.ts';
import type { MetricName } from '../../../pipelines/contracts/evaluation.ts';
import { binaryRows } from '../../../pipelines/evaluation/judged-rows.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { binaryMetrics, drawPredictions, evaluationOf, pairedRows } from './predictions.ts';

const policy = { gates: [], protected: ['region'] };
type Drawn = ReturnType<typeof drawPredictions>;
const rowsOf = (labels: Float64Array, scores: Float64Array) => binaryRows(labels, scores, { threshold: 0.5 });
function compare({ labels, base, head, groups }: Drawn, names: readonly MetricName[] = binaryMetrics): Comparison {
  const evaluations = { base: evaluationOf(labels, base, names), head: evaluationOf(labels, head, names) };
  const task = evaluations.head.task === 'regression' ? 'regression' : 'binary';
  return compareEvaluations(evaluations, pairedRows({ labels, base, head, groups }, task), policy);
}
const deltaOf = (comparison: Comparison, name: MetricName) => {
  const delta = comparison.metrics.find((metric) => metric.name === name)?.delta;
  if (delta === undefined || delta === null) throw new Error(`no delta of ${name}`);
  return delta;
};

describe('comparing two models on the same rows', () => {
  const drawn = drawPredictions({ rows: 8000 });
  const comparison = compare(drawn);

  test('gives a valid document with a delta for every metric, inside its own interval', () => {
    expect(comparisonSchema.parse(comparison)).toEqual(comparison);
    expect(comparison.metrics.map(({ name }) => name)).toEqual([...binaryMetrics]);
    for (const { base, head, delta } of comparison.metrics) {
      expect(delta?.value).toBeCloseTo(head - (base ?? Number.NaN), 12);
      expect(delta?.low).toBeLessThan(delta?.value ?? Number.NaN);
      expect(delta?.high).toBeGreaterThan(delta?.value ?? Number.NaN);
    }
  });

  test('sees that the better model is better', () => {
    expect(deltaOf(comparison, 'roc_auc').low).toBeGreaterThan(0);
    expect(deltaOf(comparison, 'log_loss').high).toBeLessThan(0);
    expect(comparison.identical).toBe(false);
  });

  test('tells how small a change these rows can show', () => {
    const auc = comparison.metrics[0];
    expect(auc?.detectable).toBeCloseTo(2.4864749 * (auc?.delta?.standardError ?? Number.NaN), 8);
  });

  test('does not depend on the order of rows', () => {
    const turned = compare({
      labels: drawn.labels.toReversed(),
      base: drawn.base.toReversed(),
      head: drawn.head.toReversed(),
      groups: drawn.groups.map((column) => ({ ...column, codes: column.codes.toReversed() })),
    });
    for (const name of binaryMetrics) {
      for (const part of ['value', 'low', 'high'] as const) {
        expect(deltaOf(turned, name)[part]).toBeCloseTo(deltaOf(comparison, name)[part], 10);
      }
    }
    expect(turned.fairness.map(({ head }) => head)).toEqual(comparison.fairness.map(({ head }) => head));
  });

  test('changes sign when base and head are swapped', () => {
    const swapped = compare({ ...drawn, base: drawn.head, head: drawn.base });
    for (const name of binaryMetrics) {
      const [forth, back] = [deltaOf(comparison, name), deltaOf(swapped, name)];
      expect(back.value).toBeCloseTo(-forth.value, 12);
      expect(back.low).toBeCloseTo(-forth.high, 2);
      expect(back.standardError ?? 0).toBeCloseTo(forth.standardError ?? Number.NaN, 3);
    }
  });

  test('finds nothing between a model and its copy', () => {
    const copy = compare({ ...drawn, head: drawn.base });
    expect(copy.identical).toBe(true);
    for (const { delta } of copy.metrics) expect(delta).toMatchObject({ value: 0, low: 0, high: 0, standardError: 0 });
    for (const { delta } of copy.fairness) expect(delta).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  test('refuses different rows', () => {
    const base = evaluationOf(drawn.labels, drawn.base);
    const head = evaluationOf(drawn.labels, drawn.head);
    const other = { ...base, holdout: { ...base.holdout, integrity: integrityOf('other rows') } };
    expect(() => compareEvaluations({ base: other, head }, pairedRows(drawn), policy)).toThrow(/not of the same rows/);
  });

  test('has no delta for a first model', () => {
    const head = evaluationOf(drawn.labels, drawn.head);
    const first = compareEvaluations({ base: null, head }, pairedRows({ ...drawn, base: null }), policy);
    expect(comparisonSchema.parse(first)).toEqual(first);
    expect(
      first.metrics.every(({ base, delta, detectable }) => base === null && delta === null && detectable === null),
    ).toBe(true);
    expect(first.fairness[0]).toMatchObject({ base: null, delta: null });
    expect(first.fairness[0]?.head).toBeGreaterThan(0);
  });
});

describe('groups', () => {
  test('too small to judge are listed and left out of the gap', () => {
    const drawn = drawPredictions({ rows: 2000 });
    const [region] = drawn.groups;
    const codes = region?.codes.map((code, row) => (row < 30 ? 3 : code)) ?? new Float64Array();
    const groups = [{ by: 'region', names: ['east', 'north', 'west', 'tiny'], codes }];
    const { fairness } = compare({ ...drawn, groups });
    const gap = fairness.find((change) => change.gap === 'tpr_gap');
    expect(gap?.tooSmall).toEqual(['tiny']);
    expect(gap?.groups.find(({ group }) => group === 'tiny')?.denominator).toBeLessThan(30);
    expect([gap?.lowest, gap?.highest]).not.toContain('tiny');
  });

  test('leave no gap when fewer than two can be judged', () => {
    const drawn = drawPredictions({ rows: 250 });
    const { fairness } = compare(drawn);
    const gap = fairness.find((change) => change.gap === 'tpr_gap');
    expect(gap).toMatchObject({ head: null, headLow: null, delta: null, lowest: null });
    expect(gap?.tooSmall).toHaveLength(3);
  });
});

test('intervals cover the truth about 95 times in 100 when both models are equally good', () => {
  const names = ['brier', 'log_loss', 'accuracy', 'f1'] as const;
  const worlds = 100;
  const covered: Record<string, number> = {};
  for (let world = 0; world < worlds; world += 1) {
    const { labels, base, head } = drawPredictions({ rows: 400, lift: 0, seed: 100 + world });
    for (const name of names) {
      const delta = compareMetric(name, rowsOf(labels, base), rowsOf(labels, head));
      if (delta !== null && delta.low <= 0 && delta.high >= 0) covered[name] = (covered[name] ?? 0) + 1;
    }
  }
  for (const name of names) expect((covered[name] ?? 0) / worlds, name).toBeGreaterThan(0.89);
});

test('a regression is compared too', () => {
  const { labels, base, head } = drawPredictions({ rows: 600 });
  const names = ['mae', 'rmse', 'r2'] as const;
  const comparison = compare({ labels, base, head, groups: [] }, names);
  expect(deltaOf(comparison, 'rmse').method).toBe('paired bootstrap of rows, 2000 draws, BCa');
  expect(deltaOf(comparison, 'rmse').high).toBeLessThan(0);
  expect(deltaOf(comparison, 'r2').low).toBeGreaterThan(0);
});

describe('slices', () => {
  const drawn = drawPredictions({ rows: 6000 });
  const [region] = drawn.groups;
  if (region === undefined) throw new Error('no groups were drawn');
  /** The same, but for one region head knows no more than a coin. */
  const spoiled = Float64Array.from(drawn.head, (score, row) =>
    region.codes[row] === 2 ? ((row * 7919) % 1000) / 1000 : score,
  );
  const slicesOf = (head: Float64Array, groups = drawn.groups) =>
    compareSlices('roc_auc', groups, rowsOf(drawn.labels, drawn.base), rowsOf(drawn.labels, head));

  test('show who loses by a model that is better for the others', () => {
    const slices = slicesOf(spoiled);
    expect(slices.map(({ by, group }) => `${by} ${group}`)).toEqual(['region east', 'region north', 'region west']);
    expect(slices.reduce((sum, { n }) => sum + n, 0)).toBe(6000);
    expect(slices[0]?.delta?.low).toBeGreaterThan(0);
    expect(slices[2]?.delta?.high).toBeLessThan(0);
  });

  test('are compared row by row as a whole holdout would be, with intervals that hold for all of them together', () => {
    const rows = [...region.codes.keys()].filter((row) => region.codes[row] === 1);
    const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
    const [labels, base, head] = [take(drawn.labels), take(drawn.base), take(drawn.head)];
    const alone = compareMetric('roc_auc', rowsOf(labels, base), rowsOf(labels, head));
    const slice = slicesOf(drawn.head)[1]?.delta;
    expect(slice?.value).toBe(alone?.value);
    expect(slice?.level).toBeCloseTo(1 - 0.05 / 3, 12);
    expect(slice?.low).toBeLessThan(alone?.low ?? Number.NaN);
    expect(slice?.high).toBeGreaterThan(alone?.high ?? Number.NaN);
  });

  test('that are small or of one class say nothing', () => {
    const codes = Float64Array.from(drawn.labels, (label, row) => (row < 99 ? 0 : label === 1 ? 1 : 2));
    const slices = slicesOf(drawn.head, [{ by: 'odd', names: ['few', 'late', 'not late'], codes }]);
    expect(slices.map(({ group, delta }) => [group, delta])).toEqual([
      ['late', null],
      ['not late', null],
    ]);
  });

  test('are a hundred at most, the largest, and none without a base', () => {
    const codes = Float64Array.from(drawn.labels, (_, row) => row % 55);
    const wide = ['a', 'b'].map((by) => ({ by, names: Array.from({ length: 55 }, (_, at) => `${at}`), codes }));
    expect(slicesOf(drawn.head, wide)).toHaveLength(100);
    expect(compare(drawn).slices).toHaveLength(3);
    const head = evaluationOf(drawn.labels, drawn.head);
    expect(compareEvaluations({ base: null, head }, pairedRows({ ...drawn, base: null }), policy)).not.toHaveProperty(
      'slices',
    );
  });
});
