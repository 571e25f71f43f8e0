import { describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { type Gate, gateSchema } from '../../../pipelines/config/gate-schema.ts';
import type { Comparison, Delta } from '../../../pipelines/contracts/comparison.ts';
import type { Problem } from '../../../pipelines/contracts/judgement.ts';
import { verdictSchema } from '../../../pipelines/contracts/verdict.ts';
import { applyGates } from '../../../pipelines/gates/apply-gates.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../comparison/predictions.ts';

const drawn = drawPredictions({ rows: 3000 });
const evaluation = evaluationOf(drawn.labels, drawn.head, ['roc_auc', 'log_loss', 'ece']);
const policy = { gates: [], protected: ['region'] };
const compared = compareEvaluations(
  { base: evaluationOf(drawn.labels, drawn.base, ['roc_auc', 'log_loss', 'ece']), head: evaluation },
  pairedRows(drawn),
  policy,
);

/** The comparison with one metric's change replaced: `value` and the standard error decide. */
function changed(name: string, value: number, standardError: number): Comparison {
  const delta: Delta = {
    value,
    low: value - 1.96 * standardError,
    high: value + 1.96 * standardError,
    level: 0.95,
    method: 'DeLong',
    p: null,
    standardError,
  };
  const metrics = compared.metrics.map((metric) =>
    metric.name === name ? { ...metric, base: 0.6628, head: 0.6628 + value, delta } : metric,
  );
  return { ...compared, metrics };
}
const gate = (value: Record<string, unknown>): Gate => gateSchema.parse(value);
const judge = (rule: Record<string, unknown>, comparison: Comparison = compared, problems: Problem[] = []) => {
  const verdict = applyGates(
    'flight-delay',
    { gates: [gate(rule)], strict: false },
    { comparison, evaluation, problems },
  );
  expect(verdictSchema.parse(verdict)).toEqual(verdict);
  return { ...verdict.gates[0] };
};

describe('non-inferiority has three ends', () => {
  const auc = { metric: 'roc_auc', noninferior: 0.002 };
  test.each([
    ['better', 0.0153, 0.0003, 'pass'],
    ['slightly worse, within the margin', -0.001, 0.0003, 'pass'],
    ['lower bound just above the margin', -0.002 + 1.65 * 0.001, 0.001, 'pass'],
    ['lower bound just below the margin', -0.002 + 1.64 * 0.001, 0.001, 'inconclusive'],
    ['too few rows to tell', -0.003, 0.004, 'inconclusive'],
    ['upper bound just below the margin', -0.002 - 1.65 * 0.001, 0.001, 'fail'],
    ['much worse', -0.0316, 0.0009, 'fail'],
  ])('%s', (_, value, error, status) => {
    expect(judge(auc, changed('roc_auc', value, error)).status).toBe(status);
  });

  test('a lower-is-better metric is turned around', () => {
    const loss = { metric: 'log_loss', noninferior: 0.002 };
    expect(judge(loss, changed('log_loss', 0.0316, 0.0009)).status).toBe('fail');
    expect(judge(loss, changed('log_loss', -0.0316, 0.0009)).status).toBe('pass');
    expect(judge(loss, changed('log_loss', 0.0316, 0.0009)).gate).toBe('log_loss <= base + 0.002');
  });

  test('the message says what was seen, what was allowed and by how much', () => {
    const { message, gate: rule } = judge(auc, changed('roc_auc', -0.0316, 0.0009));
    expect(message).toMatch(
      /^0\.6312 is 0\.0316 below base 0\.6628, allowed 0\.0020 below; 95 % interval -0\.0334 to -0\.0298; p < 0\.0001; these rows show changes from 0\.\d+ on$/,
    );
    expect(rule).toBe('roc_auc >= base - 0.002');
  });

  test('equal predictions and a first model pass and say why', () => {
    expect(judge(auc, { ...changed('roc_auc', 0, 0), identical: true })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('the same predictions'),
    });
    const first = compareEvaluations({ base: null, head: evaluation }, pairedRows({ ...drawn, base: null }), policy);
    expect(judge(auc, first)).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('no base to compare with'),
    });
  });
});

describe('fixed limits', () => {
  const value = evaluation.metrics[0]?.value ?? Number.NaN;
  test('the value itself decides, and the interval is shown', () => {
    expect(judge({ metric: 'roc_auc', min: value - 0.2 })).toMatchObject({ status: 'pass' });
    const near = judge({ metric: 'roc_auc', min: value + 0.001 });
    expect(near).toMatchObject({ status: 'fail', message: expect.stringContaining('which includes the limit') });
    expect(near.message).toContain('0.0010 below the limit');
    expect(near.low).toBeLessThan(near.high ?? Number.NaN);
    expect(judge({ metric: 'roc_auc', max: value }).status).toBe('pass');
  });

  test('cost is measured in the units of its name', () => {
    expect(judge({ cost: 'latency_p95_ms', max: 5 })).toMatchObject({ status: 'pass', observed: 0.2 });
    expect(judge({ cost: 'size_mb', max: 0.0005 })).toMatchObject({ status: 'fail', observed: 0.001 });
    expect(judge({ cost: 'load_ms', max: 3 }).status).toBe('pass');
  });

  test('a metric that is undefined on these rows fails', () => {
    expect(judge({ metric: 'precision', min: 0.1 })).toMatchObject({ status: 'fail', observed: null });
  });
});

describe('fairness', () => {
  const gap = compared.fairness.find((change) => change.gap === 'tpr_gap')?.head ?? Number.NaN;
  test('a gap above the ceiling fails and names the groups', () => {
    const { status, message } = judge({ fairness: 'tpr_gap', by: 'region', max: gap / 2 });
    expect(status).toBe('fail');
    expect(message).toMatch(
      /true positive rate differs by .* \((east|north|west) .* to (east|north|west) .*\), .* above the allowed/,
    );
    expect(judge({ fairness: 'tpr_gap', by: 'region', max: 1 }).status).toBe('pass');
  });

  test('with too few rows per group nothing is concluded, and the groups are named', () => {
    expect(judge({ fairness: 'tpr_gap', by: 'region', max: 0.1, min_group: 100_000 })).toMatchObject({
      status: 'inconclusive',
      message: expect.stringMatching(/too small to judge: east \(\d+ of 100000\), north/),
    });
  });

  test('of a column that is not protected is an error, never a pass', () => {
    expect(judge({ fairness: 'tpr_gap', by: 'airline', max: 0.1 }).status).toBe('error');
  });
});

describe('the verdict', () => {
  test('is the worst of the gates that block', () => {
    const gates = [
      gate({ metric: 'roc_auc', min: 0 }),
      gate({ metric: 'roc_auc', min: 1, informational: true }),
      gate({ fairness: 'tpr_gap', by: 'region', max: 0.1, min_group: 100_000 }),
    ];
    const found = { comparison: compared, evaluation, problems: [] };
    expect(applyGates('m', { gates: gates.slice(0, 2), strict: false }, found).status).toBe('pass');
    expect(applyGates('m', { gates, strict: false }, found).status).toBe('inconclusive');
    expect(
      applyGates('m', { gates: [...gates, gate({ metric: 'roc_auc', min: 1 })], strict: false }, found).status,
    ).toBe('fail');
  });

  test('is error whenever something could not be done', () => {
    const problem = { code: 'key-mismatch', message: 'not the same' };
    expect(judge({ metric: 'roc_auc', min: 0 }, compared, [problem]).status).toBe('pass');
    const found = { comparison: compared, evaluation, problems: [problem] };
    expect(applyGates('m', { gates: [], strict: false }, found).status).toBe('error');
    expect(
      applyGates('m', { gates: [], strict: false }, { comparison: null, evaluation: null, problems: [] }).status,
    ).toBe('error');
  });
});
