import { describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { type Gate, gateSchema } from '../../../pipelines/config/gate-schema.ts';
import type { Comparison } from '../../../pipelines/contracts/comparison.ts';
import type { Evaluation } from '../../../pipelines/contracts/evaluation.ts';
import type { Evaluated } from '../../../pipelines/contracts/judgement.ts';
import type { Perturbation } from '../../../pipelines/contracts/robustness.ts';
import { type GateResult, verdictSchema } from '../../../pipelines/contracts/verdict.ts';
import { applyGates, type GateInputs } from '../../../pipelines/gates/apply-gates.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { runRecord } from '../../fixtures/run-record.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../comparison/predictions.ts';

const names = ['roc_auc', 'log_loss', 'ece'] as const;
const drawn = drawPredictions({ rows: 3000 });
const [base, head] = [evaluationOf(drawn.labels, drawn.base, names), evaluationOf(drawn.labels, drawn.head, names)];
const gate = (value: Record<string, unknown>): Gate => gateSchema.parse(value);

const known = new Map<string, Comparison>();
/** Gates change a comparison only by the slices that they ask for. */
function compare(gates: Gate[], options: Parameters<typeof compareDrawn>[1] = {}): Comparison {
  const asking = gates.filter(
    (one) => 'calibration' in one || ('metric' in one && (one.slice ?? one.slices) !== undefined),
  );
  const key = JSON.stringify([asking, options]);
  const found = known.get(key) ?? compareDrawn(asking, options);
  known.set(key, found);
  return found;
}

function compareDrawn(
  gates: Gate[],
  { swap = false, copy = false, first = false, groups = drawn.groups } = {},
): Comparison {
  const [left, right] = copy ? [base, base] : swap ? [head, base] : [base, head];
  const scores = copy ? drawn.base : swap ? drawn.base : drawn.head;
  const rows = pairedRows({
    labels: drawn.labels,
    base: first ? null : swap ? drawn.head : drawn.base,
    head: scores,
    groups,
  });
  return compareEvaluations({ base: first ? null : left, head: right }, rows, { gates, protected: [] });
}

type Options = Parameters<typeof compare>[1] & { strict?: boolean; inputs?: Partial<GateInputs> };
function verdictOf(rules: Record<string, unknown>[], { strict = false, inputs = {}, ...options }: Options = {}) {
  const gates = rules.map(gate);
  const evaluation = options.swap || options.copy ? base : head;
  const found = { comparison: compare(gates, options), evaluation, baseEvaluation: base, problems: [], ...inputs };
  const verdict = applyGates('flight-delay', { gates, strict }, found);
  expect(verdictSchema.parse(verdict)).toEqual(verdict);
  return verdict;
}
function judge(rule: Record<string, unknown>, options: Options = {}): GateResult {
  const [result] = verdictOf([rule], options).gates;
  if (result === undefined) throw new Error('no result');
  return result;
}
const change = compare([]).metrics[0]?.delta?.value ?? Number.NaN;

describe('superiority', () => {
  test('has three ends, and a p of what the numbers point to', () => {
    expect(judge({ metric: 'roc_auc', superior: 0 })).toMatchObject({
      status: 'pass',
      kind: 'superior',
      gate: 'roc_auc > base',
    });
    const shown = judge({ metric: 'roc_auc', superior: change + 0.1 });
    expect(shown).toMatchObject({ status: 'fail', limit: change + 0.1 });
    expect(shown.p).toBeLessThan(0.05);
    const open = judge({ metric: 'roc_auc', superior: Number(change.toFixed(6)) });
    expect(open).toMatchObject({ status: 'inconclusive', message: expect.stringMatching(/too few rows to tell$/) });
    expect(open.p).toBeGreaterThan(0.4);
  });

  test('of lower metrics is a fall', () => {
    expect(judge({ metric: 'log_loss', superior: 0 })).toMatchObject({ status: 'pass', gate: 'log_loss < base' });
    expect(judge({ metric: 'log_loss', superior: 0 }, { swap: true }).status).toBe('fail');
  });

  test('equal answers are not better, and need no statistics', () => {
    expect(judge({ metric: 'roc_auc', superior: 0 }, { copy: true })).toMatchObject({ status: 'fail', observed: 0 });
    expect(judge({ metric: 'roc_auc', noninferior: 0.001 }, { copy: true })).toMatchObject({
      status: 'pass',
      observed: 0,
    });
  });
});

describe('a drop beside the base', () => {
  test('is judged by the value, in the unit of the metric or as a share of the base', () => {
    expect(judge({ metric: 'roc_auc', max_drop: 0 })).toMatchObject({ status: 'pass', kind: 'relative' });
    const swapped = judge({ metric: 'roc_auc', max_drop: change / 2 }, { swap: true });
    expect(swapped).toMatchObject({ status: 'fail', observed: -change, limit: -change / 2 });
    expect(judge({ metric: 'roc_auc', max_drop: change * 1.01 }, { swap: true }).status).toBe('pass');
    const share = judge({ metric: 'roc_auc', max_drop: '50%' }, { swap: true });
    expect(share).toMatchObject({ status: 'pass', gate: 'roc_auc >= base - 50%' });
    expect(share.message).toMatch(
      /allowed 0\.\d+ \(50%\) below; 95 % interval .*; these rows show changes from 0\.\d+ on/,
    );
  });

  test('of a lower metric is a rise', () => {
    expect(judge({ metric: 'log_loss', max_drop: '1%' }, { swap: true })).toMatchObject({ status: 'fail' });
    expect(judge({ metric: 'log_loss', max_drop: '1%' }).status).toBe('pass');
  });

  test('a first model has nothing to drop from, and says so', () => {
    const first = { metric: 'roc_auc', max_drop: 0 };
    expect(judge(first, { first: true })).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('no base'),
    });
  });
});

describe('slices', () => {
  const few = drawn.groups.map((column) => ({
    ...column,
    names: [...column.names, 'tiny | @everyone'],
    codes: column.codes.map((code, row) => (row < 20 ? 3 : code)),
  }));

  test('each must hold; the worst one speaks, and small ones are named', () => {
    const result = judge({ metric: 'roc_auc', min: 0.5, slices: ['region'] }, { groups: few });
    expect(result).toMatchObject({
      status: 'pass',
      gate: 'roc_auc of every region >= 0.5',
      tooSmall: ['region tiny | @everyone (20 of 100 rows)'],
    });
    expect(result.parts?.map(({ name }) => name).sort()).toEqual(['region east', 'region north', 'region west']);
    expect(result.message).toMatch(/^3 of 3 pass; the worst: region \w+: roc_auc .*; not judged: region tiny/);
    const broken = judge({ metric: 'roc_auc', min: 0.99, slices: 'all' });
    expect(broken).toMatchObject({
      status: 'fail',
      observed: Math.min(...(broken.parts ?? []).map(({ observed }) => observed ?? 1)),
    });
  });

  test('one is named by its value', () => {
    const rule = { metric: 'roc_auc', noninferior: 0.01, slice: { region: 'west' } };
    const result = judge(rule);
    expect(result).toMatchObject({
      status: 'pass',
      gate: 'roc_auc of region west >= base - 0.01',
      n: expect.any(Number),
    });
    expect(judge(rule, { swap: true }).status).toBe('fail');
    expect(judge({ ...rule, slice: { region: 'nowhere' } })).toMatchObject({
      status: 'inconclusive',
      message: 'no slice could be judged: too small to judge: region nowhere (0 of 100 rows)',
    });
  });

  test('an interval decides for all of them at once', () => {
    const all = judge({ metric: 'log_loss', noninferior: 0.05, slices: 'all' });
    expect(all).toMatchObject({ status: 'pass', kind: 'noninferior' });
    const ps = ['east', 'north', 'west'].map(
      (region) => judge({ metric: 'log_loss', noninferior: 0.05, slice: { region } }).p ?? 1,
    );
    expect(all.p).toBeCloseTo(Math.max(...ps), 12);
    expect(judge({ metric: 'log_loss', noninferior: 0.001, slices: 'all' }, { swap: true }).status).toBe('fail');
  });
});

describe('calibration', () => {
  test('overall, and in each group', () => {
    expect(judge({ calibration: 'mean', max: 0.05 })).toMatchObject({ status: 'pass', kind: 'calibration', n: 3000 });
    expect(judge({ calibration: 'ece', max: 0.0001 }).status).toBe('fail');
    const groups = judge({ calibration: 'mean', by: 'region', max: 0.1 });
    expect(groups).toMatchObject({ status: 'pass', subject: 'mean calibration error in every group of region' });
    expect(groups.parts).toHaveLength(3);
    expect(judge({ calibration: 'mean', by: 'region', max: 0.1, min_rows: 5000 })).toMatchObject({
      status: 'inconclusive',
      message: expect.stringMatching(/cannot be told: not judged: region east \(\d+ of 5000 rows\)/),
    });
  });
});

describe('cost beside the base', () => {
  const slower: Evaluation = {
    ...base,
    cost: { size: 800, loadMs: 3, latencyP50Ms: 0.1, latencyP95Ms: 0.1, rowsPerSecond: 1e6 },
  };
  const beside = { inputs: { baseEvaluation: slower } };

  test('in its unit or as a share', () => {
    expect(judge({ cost: 'latency_p95_ms', max_rise: '50%' }, beside)).toMatchObject({
      status: 'fail',
      observed: 0.2,
      message: 'latency_p95_ms 0.2000 is 0.1000 above base 0.1000, allowed 0.0500 (50%) above',
    });
    expect(judge({ cost: 'latency_p95_ms', max_rise: 0.2 }, beside)).toMatchObject({
      status: 'pass',
      limit: expect.closeTo(0.3, 12),
    });
    expect(judge({ cost: 'size_mb', max_rise: '30%' }, beside).status).toBe('pass');
  });

  test('a first model passes, and what was not measured is never a silent pass', () => {
    expect(judge({ cost: 'size_mb', max_rise: 0 }, { inputs: { baseEvaluation: null } }).status).toBe('pass');
    expect(judge({ cost: 'memory_mb', max: 100 })).toMatchObject({
      status: 'error',
      message: 'memory_mb was not measured',
    });
    const { cost: _, ...unmeasured } = base;
    expect(judge({ cost: 'size_mb', max_rise: 0 }, { inputs: { baseEvaluation: unmeasured } }).status).toBe(
      'inconclusive',
    );
  });
});

describe('robustness', () => {
  const probe = (parts: Partial<Perturbation>): Perturbation => ({
    column: 'hour',
    kind: 'missing',
    value: 'nothing',
    move: { mean: 0.01, p95: 0.02, max: 0.1 },
    changedDecisions: 0.03,
    metricAfter: 0.6,
    worse: 0.02,
    failure: null,
    ...parts,
  });
  const measured = (...perturbations: Perturbation[]) => ({
    inputs: {
      evaluation: {
        ...head,
        robustness: {
          rows: 500,
          seed: 1,
          unit: 'probability' as const,
          noise: 0.1,
          metric: { name: 'roc_auc', before: 0.62 },
          deterministic: true,
          perturbations,
          skipped: [],
          byKind: [],
        },
      },
    },
  });
  const crash = probe({
    column: 'dep',
    move: null,
    worse: null,
    changedDecisions: null,
    failure: { kind: 'crash', message: 'gone' },
  });

  test('the worst input speaks', () => {
    const two = measured(probe({}), probe({ kind: 'noise', worse: 0.001, changedDecisions: 0.2 }));
    expect(judge({ robustness: 'any', max_drop: 0.03 }, two)).toMatchObject({ status: 'pass', observed: 0.02, n: 500 });
    expect(judge({ robustness: 'any', max_changed: 0.1 }, two)).toMatchObject({ status: 'fail', observed: 0.2 });
    expect(judge({ robustness: 'missing', max_changed: 0.1 }, two).status).toBe('pass');
    expect(judge({ robustness: 'any', max_failures: 0 }, two).status).toBe('pass');
  });

  test('a crash breaks every limit, and is told', () => {
    for (const rule of [{ max_failures: 0 }, { max_drop: 1 }, { max_changed: 1 }]) {
      const seen = judge({ robustness: 'any', ...rule }, measured(probe({}), crash));
      expect(seen).toMatchObject({ status: 'fail', message: expect.stringContaining('1 of 2 disturbed inputs fail') });
      expect(seen.message).toContain('dep as nothing, gone');
    }
    expect(judge({ robustness: 'any', max_failures: 1 }, measured(probe({}), crash)).status).toBe('pass');
  });

  test('what was not tried is never a pass', () => {
    expect(judge({ robustness: 'any', max_failures: 0 }).status).toBe('error');
    expect(judge({ robustness: 'unseen', max_failures: 0 }, measured(probe({}))).status).toBe('inconclusive');
  });
});

const record = runRecord();
const present: NonNullable<GateInputs['change']> = {
  base: { rung: 'release', tag: 'flight-delay@v1.0.0', commit: null, sha256: null },
  run: record,
  key: record.key,
  dataChanges: [],
  dataDiffs: [],
};
const about = (rule: Record<string, unknown>, parts: Partial<typeof present> = {}) =>
  judge(rule, { inputs: { change: { ...present, ...parts } } });
const withRun = (parts: Partial<typeof record>) => ({ run: { ...record, ...parts } });

describe('data that was validated before training', () => {
  const found = (errors: number, warnings: number) => ({
    data: 'data/flights.parquet',
    schema: 's.yml',
    status: 'pass' as const,
    rows: 10,
    errors,
    warnings,
    findings: [],
  });

  test('counts over all tables, marked as reported', () => {
    const run = withRun({ validations: [found(0, 2), found(0, 1)] });
    expect(about({ data: 'errors' }, run)).toMatchObject({ status: 'pass', observed: 0, reported: true });
    expect(about({ data: 'warnings', max: 2 }, run)).toMatchObject({
      status: 'fail',
      message: '3 warnings in 2 tables, allowed 2: data/flights.parquet 2, data/flights.parquet 1',
    });
  });

  test('without a validation or a run nothing passes', () => {
    expect(about({ data: 'errors' }).status).toBe('inconclusive');
    expect(about({ data: 'errors' }, { run: null }).status).toBe('error');
  });
});

describe('drift against the training data of the base', () => {
  const path = 'data/flights.parquet';
  const sources = [{ path, integrity: integrityOf('new'), origin: 'pointer' as const }];
  const moved: Evaluated['dataChanges'] = [
    {
      path,
      base: integrityOf('old'),
      head: integrityOf('new'),
      baseRows: 9,
      headRows: 9,
      columnsAdded: [],
      columnsRemoved: [],
    },
  ];
  const shift = (name: string, distance: number, missing: [number, number] = [0, 0]) => ({
    name,
    kind: 'number' as const,
    distance,
    noise: 0.02,
    missing,
    middle: [null, null] as [null, null],
  });
  const dataDiffs = [
    {
      base: { path, rows: 900 },
      head: { path, rows: 900 },
      columns: { added: [], removed: [], retyped: [] },
      rows: null,
      shifts: [shift('hour', 0.3), shift('distance', 0.01, [0, 0.4])],
      sampled: [900, 900] as [number, number],
      label: null,
    },
  ];
  const parts = { ...withRun({ sources }), dataChanges: moved, dataDiffs };

  test('by the column that moved most', () => {
    const far = about({ drift: 'distance', max: 0.2 }, parts);
    expect(far).toMatchObject({ status: 'fail', observed: 0.3, kind: 'drift' });
    expect(far.message).toMatch(/^1 of 2 fail; the worst: hour of data\/flights.parquet: distance 0.3000/);
    expect(about({ drift: 'distance', max: 0.2, columns: ['distance'] }, parts)).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('chance alone explains it'),
    });
    expect(about({ drift: 'missing', max: 0.1 }, parts)).toMatchObject({ status: 'fail', observed: 0.4 });
  });

  test('the same data has not moved, and data that was not compared is no pass', () => {
    expect(about({ drift: 'distance', max: 0.2 })).toMatchObject({ status: 'pass', observed: 0 });
    expect(about({ drift: 'distance', max: 0.2 }, { ...parts, dataDiffs: [] })).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('data/flights.parquet (not compared)'),
    });
    const other = { ...moved[0], path: 'data/other.parquet', base: integrityOf('x'), head: integrityOf('y') };
    const two = {
      ...withRun({
        sources: [...sources, { path: other.path, integrity: integrityOf('y'), origin: 'pointer' as const }],
      }),
      dataDiffs,
    };
    const both = {
      ...two,
      dataChanges: [...moved, { baseRows: 1, headRows: 1, columnsAdded: [], columnsRemoved: [], ...other }],
    };
    expect(about({ drift: 'distance', max: 0.5 }, both)).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('not judged: data/other.parquet'),
    });
  });
});

describe('reproducibility', () => {
  test('a clean checkout', () => {
    const code = { sha: 'a'.repeat(40), clean: true };
    expect(about({ reproducibility: 'clean' }, withRun({ code }))).toMatchObject({ status: 'pass', reported: true });
    expect(about({ reproducibility: 'clean' }, withRun({ code: { ...code, clean: false } })).status).toBe('fail');
    expect(about({ reproducibility: 'clean' }, withRun({ code: null })).message).toBe('trained outside of git');
  });

  test('the key of what git holds', () => {
    expect(about({ reproducibility: 'key' }).status).toBe('pass');
    expect(about({ reproducibility: 'key' }, { key: integrityOf('other') }).status).toBe('fail');
    expect(about({ reproducibility: 'key' }, { key: null }).status).toBe('error');
  });

  test('reported until it was reproduced', () => {
    expect(about({ reproducibility: 'reproduced' }).status).toBe('inconclusive');
    expect(about({ reproducibility: 'reproduced' }, { lineage: 'reproduced' }).status).toBe('pass');
  });
});

describe('provenance', () => {
  const data = (licence?: string) => ({
    path: 'data/a.parquet',
    integrity: integrityOf('a'),
    origin: 'pointer' as const,
    source: 'https://example.org',
    ...(licence === undefined ? {} : { licence }),
  });
  const git = { path: 'train.py', integrity: integrityOf('code'), origin: 'git' as const };

  test('every dataset says where it comes from; code need not', () => {
    const rule = { provenance: ['source', 'licence'] };
    expect(about(rule, withRun({ sources: [git, data('MIT')] }))).toMatchObject({ status: 'pass', n: 1 });
    expect(about(rule, withRun({ sources: [data()] }))).toMatchObject({
      status: 'fail',
      message: 'of 1 dataset: data/a.parquet names no licence',
    });
    expect(about({ provenance: ['source'] }, withRun({ sources: [data(' ')] })).status).toBe('pass');
  });

  test('licences by their names, whatever the case', () => {
    const rule = { licences: ['CC0-1.0', 'MIT'] };
    expect(about(rule, withRun({ sources: [data('cc0-1.0')] })).status).toBe('pass');
    expect(about(rule, withRun({ sources: [data('GPL-3.0')] })).message).toContain(
      'is under GPL-3.0, allowed: CC0-1.0, MIT',
    );
    expect(about(rule, withRun({ sources: [data()] })).message).toContain('names no licence');
    expect(about(rule, { run: null }).status).toBe('error');
  });
});

test('two evaluations alone do not tell of a run', () => {
  for (const rule of [
    { data: 'errors' },
    { drift: 'missing', max: 1 },
    { reproducibility: 'key' },
    { licences: ['MIT'] },
  ]) {
    expect(judge(rule)).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('of a pull request'),
    });
  }
});

describe('several gates with a p', () => {
  const rules = [
    { metric: 'roc_auc', noninferior: 0.002 },
    { metric: 'log_loss', noninferior: 0.002 },
    { metric: 'ece', noninferior: 0.002, informational: true },
  ];

  test('share one chance of a wrong decision; informational ones take none of it', () => {
    const { gates, holm } = verdictOf(rules);
    expect(holm).toEqual({ alpha: 0.05, gates: 2 });
    const [auc, loss, ece] = gates;
    const ps = [auc?.p ?? 1, loss?.p ?? 1].sort((left, right) => left - right);
    expect([auc?.adjustedP, loss?.adjustedP].sort()).toEqual(
      [2 * (ps[0] ?? 1), Math.max(2 * (ps[0] ?? 1), ps[1] ?? 1)].sort(),
    );
    expect(ece?.adjustedP).toBe(ece?.p);
    expect(auc?.message).toMatch(/p < 0\.0001 \(p < 0\.0001 after Holm over 2 gates\)/);
  });

  test('the bound that is printed is the one that decides', () => {
    for (const { status, bound, limit, subject } of verdictOf(
      [...rules, { metric: 'roc_auc', superior: change - 0.004 }],
      {},
    ).gates) {
      const orient = subject === 'roc_auc' ? 1 : -1;
      const past = orient * ((bound?.value ?? 0) - (limit ?? 0));
      expect(bound?.level).toBeGreaterThanOrEqual(0.95);
      if (status === 'pass') expect(past).toBeGreaterThan(0);
    }
  });

  test('a gate that would pass alone may be undecided among many', () => {
    const error = compare([]).metrics[0]?.delta?.standardError ?? Number.NaN;
    const close = { metric: 'roc_auc', superior: change - 1.8 * error };
    expect(judge(close)).toMatchObject({ status: 'pass', p: expect.closeTo(0.0359, 3) });
    const [among] = verdictOf([close, { metric: 'ece', noninferior: 1e-9 }, { metric: 'log_loss', superior: 1 }]).gates;
    expect(among?.status).toBe('inconclusive');
    expect(among?.bound?.level).toBeGreaterThan(0.95);
    expect(among?.adjustedP).toBeGreaterThan(0.05);
  });
});

describe('strictness', () => {
  const rule = { metric: 'roc_auc', superior: Number(change.toFixed(6)) };

  test('makes an undecided gate fail, and says why', () => {
    expect(verdictOf([rule]).status).toBe('inconclusive');
    const strict = verdictOf([rule], { strict: true });
    expect(strict).toMatchObject({ status: 'fail', gates: [{ status: 'fail', strict: true }] });
    expect(strict.gates[0]?.message).toMatch(/undecided, which fails by strict$/);
  });

  test('never reaches informational gates', () => {
    expect(verdictOf([{ ...rule, informational: true }], { strict: true })).toMatchObject({
      status: 'pass',
      gates: [{ status: 'inconclusive' }],
    });
  });
});
