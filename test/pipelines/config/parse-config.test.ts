import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../../pipelines/config/config-invalid.ts';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';

const good = `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date, window: { newest: month } }
    slices: [origin_region]
    protected: [origin_region]
    metrics: { primary: roc_auc, also: [log_loss, ece] }
    gates:
      - { metric: roc_auc, noninferior: 0.002 }
      - { metric: ece, max: 0.05 }
      - { fairness: tpr_gap, by: origin_region, max: 0.10 }
      - { cost: latency_p95_ms, max: 5 }
    rollout: { steps: [staging, shadow, 2, 25, 75, 100], hold: 10s }
data: { remote: file:///data }
`;

function faultsOf(text: string): string[] {
  try {
    parseConfig(text, 'pulltrain.yml');
  } catch (thrown) {
    if (thrown instanceof ConfigInvalid)
      return thrown.faults.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
    throw thrown;
  }
  return [];
}

/** The good file with one line changed. */
function edited(from: string, to: string): string {
  expect(good).toContain(from);
  return good.replace(from, to);
}

describe('a good configuration', () => {
  it('gets its defaults and is frozen all the way down', () => {
    const config = parseConfig(good, 'pulltrain.yml');
    const model = config.models['flight-delay'];
    expect(model).toMatchObject({ pipeline: 'dvc.yaml', threshold: 0.5, timeout: '1h', serve: { log: [] } });
    expect(model?.gates[2]).toMatchObject({ min_group: 100, informational: false });
    expect(Object.isFrozen(model?.holdout.window)).toBe(true);
    expect(Object.isFrozen(model?.gates[0])).toBe(true);
  });
});

describe('a sweep', () => {
  const withSweep = (sweep: string) => good.replace('\ndata: {', `\n    sweep: ${sweep}\ndata: {`);

  it('may have values, ranges, halving and rows of its own', () => {
    const sweep =
      '{ space: { lr: [0.1, 0.2], depth: 4..8..2, l2: "log:0.1..9" }, halving: { parameter: trees, from: 1, to: 9 } }';
    expect(parseConfig(withSweep(sweep), 'pulltrain.yml').models['flight-delay']?.sweep).toMatchObject({
      seed: 1,
      halving: { keep: 3 },
    });
  });

  it.each([
    [
      'a range that falls',
      '{ space: { lr: 9..1 } }',
      'sweep.space.lr: a range goes from a smaller number to a greater one',
    ],
    ['what is no range', '{ space: { lr: a..b } }', 'sweep.space.lr: not a range of numbers'],
    [
      'nothing to halve',
      '{ space: { lr: 1..9 }, halving: { parameter: t, from: 5, to: 9 } }',
      '3 times 5 is more than 9',
    ],
    [
      'the holdout as what ranks',
      '{ space: { lr: 1..9 }, validation: { data: data/holdout.parquet, window: { newest: month } } }',
      'rows of the holdout',
    ],
  ])('with %s is a fault', (_, sweep, fault) => {
    expect(faultsOf(withSweep(sweep)).join('\n')).toContain(fault);
  });
});

describe('a gate', () => {
  const gate = (text: string) =>
    faultsOf(edited('{ metric: roc_auc, noninferior: 0.002 }', text)).map((fault) =>
      fault.replace(/^[\d:]+ models\.flight-delay\.gates\.0\.?/, ''),
    );

  it.each([
    '{ metric: roc_auc, superior: 0 }',
    '{ metric: roc_auc, max_drop: 0.01 }',
    '{ metric: roc_auc, max_drop: 2.5%, informational: true }',
    '{ metric: roc_auc, min: 0.6, slice: { origin_region: east }, min_rows: 500 }',
    '{ metric: roc_auc, noninferior: 0.01, slices: all }',
    '{ metric: ece, max: 0.1, slices: [origin_region] }',
    '{ fairness: tpr_gap, by: origin_region, noninferior: 0.02 }',
    '{ calibration: ece, max: 0.05 }',
    '{ calibration: mean, by: origin_region, max: 0.02 }',
    '{ cost: latency_p95_ms, max_rise: 20% }',
    '{ cost: memory_mb, max: 500 }',
    '{ robustness: any, max_failures: 0 }',
    '{ robustness: noise, max_drop: 0.01 }',
    '{ robustness: missing, max_changed: 0.2 }',
    '{ data: warnings, max: 3 }',
    '{ drift: distance, max: 0.2, columns: [hour] }',
    '{ reproducibility: clean }',
    '{ provenance: [source, licence] }',
    '{ licences: [CC0-1.0] }',
  ])('may be %s', (text) => expect(gate(text)).toEqual([]));

  it.each([
    [
      '{}',
      'needs one of metric, fairness, calibration, cost, robustness, data, drift, reproducibility, provenance, licences',
    ],
    [
      '{ max: 5 }',
      'needs one of metric, fairness, calibration, cost, robustness, data, drift, reproducibility, provenance, licences',
    ],
    ['{ metirc: roc_auc, min: 0.5 }', 'unknown key "metirc"; did you mean "metric"?'],
    ['{ metric: roc_au, min: 0.5 }', '"roc_au" is none of 33 names; did you mean "roc_auc"?'],
    ['{ metric: roc_auc, min: 0.5, max: 0.9 }', '"max" does not go together with metric, min'],
    ['{ metric: roc_auc, cost: size_mb, max: 3 }', '"cost" does not go together with metric, max'],
    ['{ metric: roc_auc, max_drop: 5 percent }', 'expected a number or a percentage, e.g. 0.01 or 5%, got "5 percent"'],
    ['{ metric: roc_auc, min: 0.5, slice: {} }', 'expected a column and its value, e.g. { region: east }, got {}'],
    ['{ metric: roc_auc, min: 0.5, slices: [city] }', '"city" is neither in slices nor in protected (origin_region)'],
    [
      '{ metric: roc_auc, min: 0.5, slice: { city: a } }',
      '"city" is neither in slices nor in protected (origin_region)',
    ],
    ['{ metric: roc_auc, min: 0.5, slices: all, slice: { origin_region: a } }', 'a gate has slice or slices, not both'],
    ['{ calibration: ece, by: city, max: 0.1 }', '"city" is neither in slices nor in protected (origin_region)'],
    ['{ fairness: tpr_gap, by: origin_region }', 'needs one of max, noninferior'],
    ['{ cost: size_mb }', 'needs one of max, max_rise'],
    ['{ robustness: noise }', 'needs one of max_failures, max_changed, max_drop'],
    ['{ drift: psi, max: 0.2 }', 'expected "distance" or "missing", got "psi"'],
    ['{ licenses: [MIT] }', 'unknown key "licenses"; did you mean "licences"?'],
    ['roc_auc > 0.5', 'expected a mapping, got "roc_auc > 0.5"'],
  ])('says of %s what is wrong with it', (text, fault) => {
    expect(gate(text)).toEqual([expect.stringContaining(fault)]);
  });

  it('of calibration needs a task with scores that stand for the truth', () => {
    const regression = edited('task: binary', 'task: regression')
      .replace('metrics: { primary: roc_auc, also: [log_loss, ece] }', 'metrics: { primary: mae }')
      .replace(/ {6}- .*\n/g, '')
      .replace('gates:', 'gates: [{ calibration: ece, max: 0.1 }, { calibration: mean, max: 3 }]');
    expect(faultsOf(regression)).toEqual([
      expect.stringContaining('gates.0.calibration: ece does not fit task regression'),
    ]);
  });
});

describe('a configuration with faults', () => {
  it('reports all five of them, each with its line', () => {
    const text = `version: 1
models:
  flight-delay:
    task: binry
    output: /tmp/model.onnx
    holdout: { data: data/holdout.parquet, target: late, window: { newest: month } }
    metrics: { primary: roc_auc }
    gates:
      - { metric: roc_auc, noninferor: 0.002 }
      - { fairness: tpr_gap, by: origin_region, max: 0.10 }
`;
    expect(faultsOf(text)).toEqual([
      '4:11 models.flight-delay.task: expected "binary" or "multiclass" or "multilabel" or "regression" or "ranking", got "binry"; did you mean "binary"?',
      '5:13 models.flight-delay.output: expected a relative path inside the repository, got "/tmp/model.onnx"',
      '6:58 models.flight-delay.holdout.window: a window needs holdout.time, the column it moves along',
      '9:28 models.flight-delay.gates.0.noninferor: unknown key "noninferor"; did you mean "noninferior"?',
      '10:34 models.flight-delay.gates.1.by: "origin_region" is not in protected (which is empty)',
    ]);
  });

  it('says so in one message that names file and line', () => {
    expect(() => parseConfig(edited('version: 1', 'version: 2'), 'ci/pulltrain.yml')).toThrow(
      'ci/pulltrain.yml: 1 fault\n  ci/pulltrain.yml:1:10 version: expected 1, got 2',
    );
  });

  it.each([
    ['a missing key', edited('    output: out/model.onnx\n', ''), ['3:3 models.flight-delay.output: is missing']],
    [
      'a wrong type',
      edited('target: late', 'target: [late]'),
      ['6:44 models.flight-delay.holdout.target: expected text, got ["late"]'],
    ],
    [
      'a number out of range',
      edited('max: 0.10', 'max: 1.5'),
      ['13:54 models.flight-delay.gates.2.max: expected at most 1, got 1.5'],
    ],
    [
      'a gate without a rule',
      edited(', noninferior: 0.002', ''),
      ['11:9 models.flight-delay.gates.0: needs one of noninferior, superior, max_drop, min, max'],
    ],
    [
      'a bad duration',
      edited('10s', 'soon'),
      ['15:64 models.flight-delay.rollout.hold: expected a number and s, m, h or d, e.g. 10m, got "soon"'],
    ],
    [
      'a bad model name',
      edited('flight-delay:', 'Flight Delay:'),
      ['3:3 models.Flight Delay: expected lower-case letters, digits, ".", "_" or "-", 64 at most'],
    ],
    [
      'steps that fall',
      edited('25, 75', '75, 25'),
      ['15:48 models.flight-delay.rollout.steps.4: 25 comes after 75: steps must rise (staging, shadow, percentages)'],
    ],
    [
      'steps that end early',
      edited('75, 100', '75'),
      ['15:48 models.flight-delay.rollout.steps.4: the last step must be 100, got 75'],
    ],
    [
      'a step that is no step',
      edited('shadow', 'shaddow'),
      [
        '15:33 models.flight-delay.rollout.steps.1: expected "staging" or "shadow" or a number, got "shaddow"; did you mean "shadow"?',
      ],
    ],
    [
      'a metric of another task',
      edited('[log_loss, ece]', '[rmse, ece]'),
      [
        '9:41 models.flight-delay.metrics.also.0: "rmse" does not fit task binary (allowed: roc_auc, pr_auc, log_loss, brier, ece, accuracy, balanced_accuracy, precision, recall, specificity, f1, f_beta@2, mcc, kappa, jaccard)',
      ],
    ],
    [
      'a gate on a metric nobody computes',
      edited('metric: ece', 'metric: brier'),
      ['12:19 models.flight-delay.gates.1.metric: "brier" is not computed; add it to metrics.also'],
    ],
    [
      'a name listed twice',
      edited('slices: [origin_region]', 'slices: [a, a]'),
      ['7:17 models.flight-delay.slices.1: "a" is listed twice'],
    ],
    [
      'an unknown key at the top',
      `${good}gates: []\n`,
      ['17:1 gates: unknown key "gates" (allowed: version, models, data)'],
    ],
    [
      'keys of what there is not yet',
      edited('time: date,', 'time: date, group: [origin],').replace(
        '    rollout:',
        '    serve: { features: flights, batch: { max: 8 } }\n    retrain: { on: [command, schedule] }\n    rollout:',
      ),
      [
        '6:70 models.flight-delay.holdout.group: unknown key "group" (allowed: data, target, labels, query, time, entity, window, fold, wear, max_seen)',
        '15:24 models.flight-delay.serve.features: expected a name and a version, e.g. flight_features@v1, got "flights"',
        '15:33 models.flight-delay.serve.batch: unknown key "batch" (allowed: log, features)',
        '16:30 models.flight-delay.retrain.on.1: expected "drift" or "command", got "schedule"',
      ],
    ],
    ['no model', 'version: 1\nmodels: {}\n', ['2:1 models: names no model']],
    ['an empty file', '', ['1:1 version: is missing', '1:1 models: is missing']],
  ])('%s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it('reports a key written twice as YAML does', () => {
    expect(faultsOf(`${good}version: 1\n`)).toEqual(['17:1 : Map keys must be unique']);
  });

  it('reports broken YAML with its line', () => {
    const faults = faultsOf(edited('slices: [origin_region]', 'slices: [origin_region'));
    expect(faults[0]).toMatch(/^8:\d+ : /);
  });

  it('refuses an alias bomb instead of expanding it', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    expect(faultsOf(lines.join('\n'))).toEqual([expect.stringContaining('alias')]);
  });

  it('refuses two models that write the same file', () => {
    const second = good.split('\n').slice(2, 15).join('\n').replace('flight-delay', 'other');
    expect(faultsOf(good.replace('data: { remote', `${second}\ndata: { remote`))).toEqual([
      '18:13 models.other.output: is also the output of model flight-delay',
    ]);
  });
});
