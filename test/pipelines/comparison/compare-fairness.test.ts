import { describe, expect, it } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { type Gate, gateSchema } from '../../../pipelines/config/gate-schema.ts';
import { comparisonSchema } from '../../../pipelines/contracts/comparison.ts';
import type { FairnessMeasure } from '../../../pipelines/contracts/fairness.ts';
import { binaryRows } from '../../../pipelines/evaluation/judged-rows.ts';
import { applyGates } from '../../../pipelines/gates/apply-gates.ts';
import { askFairness } from '../fairness/ask-fairness.ts';
import { drawPredictions, evaluationOf, pairedRows } from './predictions.ts';

const drawn = drawPredictions({ rows: 1500 });
const bands = { by: 'band', names: ['(missing)', 'late'], codes: drawn.labels.map((_, row) => Number(row % 5 > 0)) };
const groups = [...drawn.groups, bands];
const names = ['roc_auc'] as const;
const base = evaluationOf(drawn.labels, drawn.base, names);
const head = evaluationOf(drawn.labels, drawn.head, names);
const rows = pairedRows({ ...drawn, groups });

function compare(by: string[], rules: Record<string, unknown>[] = [], paired = rows) {
  const gates = rules.map((rule): Gate => gateSchema.parse(rule));
  const comparison = compareEvaluations({ base: paired.base === null ? null : base, head }, paired, {
    gates,
    protected: by,
  });
  const inputs = { comparison, evaluation: head, problems: [] };
  return {
    comparison: comparisonSchema.parse(comparison),
    verdict: applyGates('flight-delay', { gates, strict: false }, inputs),
  };
}

describe('fairness of a judgement', () => {
  it('is that of pulltrain fairness on the same rows', async () => {
    const { comparison } = compare(['region', 'region*band']);
    const verb = await askFairness(
      {
        y: [...drawn.labels],
        s: [...drawn.head],
        s2: [...drawn.base],
        region: [...(drawn.groups[0]?.codes ?? [])].map((code) => drawn.groups[0]?.names[code] ?? null),
        band: [...bands.codes].map((code) => (code === 0 ? null : 'late')),
      },
      {
        label: 'y',
        prediction: null,
        score: 's',
        baseScore: 's2',
        threshold: 0.5,
        by: ['region', 'region*band'],
        minGroup: 100,
      },
    );
    const measures: FairnessMeasure[] = [
      'base_rate',
      'selection_rate',
      'tpr',
      'fpr',
      'ppv',
      'accuracy',
      'roc_auc',
      'calibration_gap',
      'ece',
    ];
    const { attributes = [] } = comparison.groupFairness ?? {};
    expect(attributes.map(({ by }) => by)).toEqual(['region', 'region*band']);
    for (const [at, attribute] of attributes.entries()) {
      const other = verb.attributes[at];
      for (const group of attribute.groups) {
        const same = other?.groups.find(({ values }) => values.join() === group.values.join());
        expect(same?.n).toBe(group.n);
        for (const measure of measures) {
          expect(group.measures[measure]?.value).toBeCloseTo(same?.measures[measure]?.value ?? Number.NaN, 12);
          expect(group.measures[measure]?.change?.value).toBeCloseTo(
            same?.measures[measure]?.change?.value ?? Number.NaN,
            12,
          );
        }
      }
      for (const measure of measures) {
        const gap = (those: typeof attribute | undefined) => those?.disparities.find((one) => one.measure === measure);
        expect(gap(attribute)?.difference.value).toBeCloseTo(gap(other)?.difference.value ?? Number.NaN, 12);
        expect(gap(attribute)?.tooSmall.length).toBe(gap(other)?.tooSmall.length);
      }
    }
  });

  it('goes by the decisions that were made, not by a threshold of its own', () => {
    const decisions = drawn.labels.map((label, row) => (row % 10 === 0 ? 1 - label : label));
    const decided = { base: null, head: binaryRows(drawn.labels, drawn.head, { threshold: null, decisions }), groups };
    const { comparison } = compare(['region'], [], decided);
    const accuracy = comparison.groupFairness?.overall.accuracy;
    expect([accuracy?.value, comparison.groupFairness?.threshold]).toEqual([0.9, null]);
    expect(comparison.fairness.every(({ base: before, delta }) => before === null && delta === null)).toBe(true);
  });

  it('tells three gaps of every protected column, and others that gates ask for', () => {
    const rules = [{ fairness: 'equalised_odds', by: 'region', max: 0.9 }];
    const { comparison, verdict } = compare(['region', 'band'], rules);
    expect(comparison.fairness.map(({ by, gap }) => `${gap} by ${by}`)).toEqual([
      'tpr_gap by region',
      'fpr_gap by region',
      'selection_gap by region',
      'equalised_odds by region',
      'tpr_gap by band',
      'fpr_gap by band',
      'selection_gap by band',
    ]);
    const [tpr, fpr, , odds] = comparison.fairness;
    expect(odds?.head).toBe(Math.max(tpr?.head ?? 0, fpr?.head ?? 0));
    expect(verdict.gates[0]).toMatchObject({ status: 'pass', observed: odds?.head, limit: 0.9 });
  });

  it('judges a ratio from below, and a change by its interval', () => {
    const rules = [
      { fairness: 'selection_ratio', by: 'region', min: 0.5 },
      { fairness: 'selection_ratio', by: 'region', min: 0.999 },
      { fairness: 'tpr_gap', by: 'region', noninferior: 0.9 },
      { fairness: 'ppv_gap', by: 'region', max: 0.001 },
      { fairness: 'tpr_gap', by: 'region', max: 0.5, min_group: 100_000 },
    ];
    const { verdict } = compare(['region'], rules.slice(0, 4));
    expect(verdict.gates.map(({ status }) => status)).toEqual(['pass', 'fail', 'pass', 'fail']);
    expect(verdict.gates[0]?.message).toMatch(
      /^ratio of selection rates is 0\.\d{4} \(\w+ 0\.\d{4} to \w+ 0\.\d{4}\), allowed at least 0\.5000$/,
    );
    expect(compare(['region'], rules.slice(4)).verdict.gates[0]?.status).toBe('inconclusive');
  });

  it('keeps a copy of base from being better or worse', () => {
    const { comparison } = compare(['region', 'region*band'], [], { ...rows, base: rows.head });
    for (const { delta } of comparison.fairness) expect(delta).toMatchObject({ value: 0, low: 0, high: 0 });
    for (const { groups: all } of comparison.groupFairness?.attributes ?? []) {
      for (const { measures } of all) {
        for (const { change } of Object.values(measures)) {
          expect(change?.value ?? 0).toBeCloseTo(0, 12);
          expect(Math.abs(change?.high ?? 0) + Math.abs(change?.low ?? 0)).toBeLessThan(1e-9);
        }
      }
    }
  });
});
