import { describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { gateSchema } from '../../../pipelines/config/gate-schema.ts';
import { type Comparison, comparisonSchema, type Delta, deltaSchema } from '../../../pipelines/contracts/comparison.ts';
import { applyGates } from '../../../pipelines/gates/apply-gates.ts';
import { widenComparison } from '../../../pipelines/wear/widen-comparison.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../comparison/predictions.ts';

const names = ['roc_auc', 'ece', 'log_loss'] as const;
const drawn = drawPredictions({ rows: 3000 });
const evaluation = evaluationOf(drawn.labels, drawn.head, names);
const compared = compareEvaluations(
  { base: evaluationOf(drawn.labels, drawn.base, names), head: evaluation },
  pairedRows(drawn),
  {
    gates: [],
    protected: ['region'],
  },
);

function deltaOf({ metrics }: Comparison): Delta {
  const delta = metrics[0]?.delta;
  if (delta === undefined || delta === null) throw new Error('no change');
  return delta;
}

/** Every change anywhere in a document. */
function deltasOf(value: unknown): Delta[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = deltaSchema.safeParse(Reflect.get(value, 'delta')).data;
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(deltasOf)];
}

describe('a comparison on a worn holdout', () => {
  test('keeps every change and widens what is said about it', () => {
    const widened = comparisonSchema.parse(widenComparison(compared, 3));
    expect(widened.metrics.map(({ base, head, delta }) => [base, head, delta?.value])).toEqual(
      compared.metrics.map(({ base, head, delta }) => [base, head, delta?.value]),
    );
    for (const [index, { delta, detectable }] of widened.metrics.entries()) {
      const before = compared.metrics[index];
      if (delta === null || before?.delta === undefined || before.delta === null) throw new Error('no change');
      expect(delta.high - delta.low).toBeCloseTo(3 * (before.delta.high - before.delta.low), 10);
      expect(delta.standardError).toBeCloseTo(3 * (before.delta.standardError ?? Number.NaN), 12);
      expect(detectable).toBeCloseTo(3 * (before.detectable ?? Number.NaN), 12);
      expect(delta.method).toContain('3.0 times as wide');
    }
    const slice = widened.slices?.[0]?.delta;
    expect((slice?.high ?? 0) - (slice?.low ?? 0)).toBeGreaterThan(0);
    expect(widened.fairness[0]?.delta?.method).toContain('3.0 times as wide');
  });

  test('widens every change that the document holds, wherever it stands', () => {
    const [metric] = compared.metrics;
    const sliceMetrics = [
      {
        slice: [{ by: 'region', group: 'east' }],
        n: 10,
        metric: 'roc_auc',
        base: 0.5,
        head: 0.6,
        interval: null,
        delta: metric?.delta ?? null,
      },
    ];
    const widened = deltasOf(widenComparison({ ...compared, sliceMetrics }, 3));
    expect(widened.length).toBe(deltasOf({ ...compared, sliceMetrics }).length);
    expect(widened.length).toBeGreaterThan(compared.metrics.length + 1);
    for (const { method } of widened) expect(method).toContain('3.0 times as wide');
  });

  test('stretches the quantiles of a bootstrap around the change', () => {
    const quantiles: [number, number][] = [
      [0.05, 0.01],
      [0.95, 0.05],
    ];
    const delta = { ...deltaOf(compared), value: 0.03, low: 0.01, high: 0.05, quantiles };
    const metrics = compared.metrics.map((metric) => ({ ...metric, delta }));
    const [[, low] = [], [, high] = []] = deltaOf(widenComparison({ ...compared, metrics }, 2)).quantiles ?? [];
    expect(low).toBeCloseTo(-0.01, 12);
    expect(high).toBeCloseTo(0.07, 12);
  });

  test('has the p-values of its intervals', () => {
    const delta = widenComparison(compared, 2).metrics[0]?.delta;
    const z = (compared.metrics[0]?.delta?.value ?? 0) / (compared.metrics[0]?.delta?.standardError ?? 1);
    expect(z).toBeGreaterThan(4);
    expect(delta?.p).toBeGreaterThan(compared.metrics[0]?.delta?.p ?? 1);
    expect(delta?.p).toBeLessThan(0.05);
  });

  test('turns a proven improvement into one that is not proven, and says so', () => {
    const superior = gateSchema.parse({ metric: 'roc_auc', superior: 0 });
    const status = (factor: number) =>
      applyGates(
        'm',
        { gates: [superior], strict: false },
        { comparison: widenComparison(compared, factor), evaluation, problems: [] },
      ).status;
    expect(status(1)).toBe('pass');
    expect(status(40)).toBe('inconclusive');
  });

  test('is left alone while the holdout is fresh', () => {
    expect(widenComparison(compared, 1)).toBe(compared);
  });
});
