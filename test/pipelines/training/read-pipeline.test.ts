import { describe, expect, it } from 'vitest';
import { PipelineInvalid } from '../../../pipelines/training/pipeline-invalid.ts';
import { readPipeline } from '../../../pipelines/training/read-pipeline.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const read = (text: string, files: Record<string, string> = {}, file = 'dvc.yaml') =>
  readPipeline(memoryTree({ ...files, [file]: text }), file);

async function faultsOf(text: string, files: Record<string, string> = {}): Promise<string[]> {
  try {
    await read(text, files);
  } catch (thrown) {
    if (thrown instanceof PipelineInvalid) return thrown.faults.map(({ where, message }) => `${where} ${message}`);
    throw thrown;
  }
  return [];
}

describe('a stage', () => {
  it('is read in all its forms', async () => {
    const [stage] = await read(`
stages:
  train:
    desc: all of it
    cmd: [make data, make model]
    wdir: ml
    deps: [train.py, ../data/x.csv, s3://bucket/raw.csv, /srv/x, ../../y]
    params: [lr, train.trees, { ../conf/more.yaml: [a.b] }, { ../conf/whole.json: null }]
    outs: [model.onnx, { extra: { cache: false, persist: true, push: false, desc: extra } }]
    metrics: [{ metrics.json: { cache: false } }]
    plots: [{ curve.csv: [{ x: fpr, y: tpr, template: linear }, { x: a }] }]
    frozen: true
    always_changed: true
    meta: { anything: [1], pulltrain: { checkpoint: ckpt, stop: { metric: loss, patience: 3 } } }
`);
    expect(stage).toEqual({
      name: 'train',
      place: 'dvc.yaml:3:3',
      commands: ['make data', 'make model'],
      directory: 'ml',
      deps: ['ml/train.py', 'data/x.csv'],
      external: ['s3://bucket/raw.csv', '/srv/x', '../../y'],
      parameters: [
        { file: 'ml/params.yaml', names: ['lr', 'train.trees'] },
        { file: 'conf/more.yaml', names: ['a.b'] },
        { file: 'conf/whole.json', names: null },
      ],
      outs: ['ml/model.onnx', 'ml/extra', 'ml/metrics.json', 'ml/curve.csv'],
      metrics: ['ml/metrics.json'],
      persistent: ['ml/extra'],
      local: ['ml/extra'],
      uncached: ['ml/extra', 'ml/metrics.json'],
      remotes: {},
      frozen: true,
      alwaysChanged: true,
      options: {
        checkpoint: 'ckpt',
        non_finite: 'fail',
        stop: { metric: 'loss', patience: 3, direction: 'min', min_delta: 0, grace: '1m' },
      },
    });
  });

  it('lies where its pipeline file lies', async () => {
    const [stage] = await read('stages: { a: { cmd: x, deps: [b], outs: [c/] } }', {}, 'models/eta/dvc.yaml');
    expect(stage).toMatchObject({ directory: 'models/eta', deps: ['models/eta/b'], outs: ['models/eta/c'] });
  });
});

describe('templating', () => {
  const params = {
    'params.yaml': 'model: { lr: 0.1, deep: { n: 2 }, tags: [a, "b c"], quiet: true, loud: false }\nout: m.onnx',
  };

  it('resolves names, keeps escapes and turns a mapping into options', async () => {
    const [stage] = await read(
      `stages:
  train:
    cmd: python train.py \${model} --again \${ model.tags[1] } \\\${HOME}
    outs: ["\${out}"]`,
      params,
    );
    expect(stage?.commands).toEqual([
      "python train.py --lr 0.1 --deep.n 2 --tags a 'b c' --quiet --again b c $" + '{HOME}',
    ]);
    expect(stage?.outs).toEqual(['m.onnx']);
  });

  it('takes vars from mappings and files, over the whole file and one stage', async () => {
    const [one, two] = await read(
      `vars: [{ a: 1 }, conf.yaml, "more.json:used"]
stages:
  one: { cmd: "x \${a} \${b.c} \${used}" }
  two: { vars: [{ b: { d: 3 } }], cmd: "x \${b.c} \${b.d}" }`,
      { 'conf.yaml': 'b: { c: 2 }', 'more.json': '{"used": "yes", "unused": "no"}' },
    );
    expect([one?.commands, two?.commands]).toEqual([['x 1 2 yes'], ['x 2 3']]);
  });

  it('unrolls foreach over lists and mappings', async () => {
    const stages = await read(`
stages:
  a: { foreach: [us, eu], do: { cmd: "x \${item}" } }
  b: { foreach: [{ r: us }, { r: eu }], do: { cmd: "x \${item.r}" } }
  c: { foreach: { us: { n: 1 } }, do: { cmd: "x \${key} \${item.n}" } }`);
    expect(stages.map(({ name, commands }) => `${name}: ${commands}`)).toEqual([
      'a@us: x us',
      'a@eu: x eu',
      'b@0: x us',
      'b@1: x eu',
      'c@us: x us 1',
    ]);
  });

  it('unrolls a matrix', async () => {
    const stages = await read(`
stages:
  train:
    matrix: { model: [cnn, xgb], feature: [{ n: 1 }] }
    cmd: train \${item.model} \${item.feature.n} \${key}`);
    expect(stages.map(({ name, commands }) => `${name}: ${commands}`)).toEqual([
      'train@cnn-feature0: train cnn 1 cnn-feature0',
      'train@xgb-feature0: train xgb 1 xgb-feature0',
    ]);
  });
});

describe('a pipeline with faults', () => {
  it('reports all of them with their lines', async () => {
    const text = `stages:
  prepare:
    cmd: x
    dep: [a]
  train:
    cmd: "y \${nothing}"
  score:
    outs: [../outside]
    cmd: z
  plot:
    outs: [{ p.svg: { cached: true } }]
    cmd: [1]
`;
    expect(await faultsOf(text, { 'params.yaml': 'lr: 1' })).toEqual([
      'dvc.yaml:4:5 stage prepare: dep: unknown key "dep"; did you mean "deps"?',
      'dvc.yaml:5:3 stage train: $' + '{nothing} is not known (allowed: lr)',
      'dvc.yaml:7:3 stage score: a path must stay inside the repository (got ../outside)',
      'dvc.yaml:12:5 stage plot: cmd: expected text, got [1]',
      'dvc.yaml:11:23 stage plot: outs.0.p.svg.cached: unknown key "cached"; did you mean "cache"?',
    ]);
  });

  it.each([
    ['no stages', 'vars: []', ['dvc.yaml has no stage']],
    ['an empty list of stages', 'stages: {}', ['dvc.yaml has no stage']],
    [
      'an unknown section',
      'stages: { a: { cmd: x } }\nstage: {}',
      ['dvc.yaml:2:1 stage: unknown key "stage"; did you mean "stages"?'],
    ],
    [
      'a remote output',
      'stages: { a: { cmd: x, outs: ["s3://b/k"] } }',
      ['dvc.yaml:1:11 stage a: a path must stay inside the repository (got s3://b/k)'],
    ],
    [
      'options of ours that are not known',
      'stages: { a: { cmd: x, meta: { pulltrain: { stop: { metric: loss, patince: 2 } } } } }',
      [
        'dvc.yaml:1:45 stage a: stop.patience: is missing',
        'dvc.yaml:1:67 stage a: stop.patince: unknown key "patince"; did you mean "patience"?',
      ],
    ],
    [
      'a foreach without do',
      'stages: { a: { foreach: [1] } }',
      ['dvc.yaml:1:11 stage a: foreach needs do, the stage to repeat'],
    ],
    ['vars that disagree', 'vars: [{ a: 1 }, { a: 2 }]\nstages: { s: { cmd: x } }', ['vars vars gives "a" two values']],
    ['broken YAML', 'stages: [', [expect.stringMatching(/^dvc.yaml:1:\d+ /)]],
  ])('%s', async (_, text, expected) => {
    expect(await faultsOf(text)).toEqual(expected);
  });

  it('says when there is no such file', async () => {
    await expect(readPipeline(memoryTree({}), 'dvc.yaml')).rejects.toMatchObject({ code: 'pipeline-missing' });
  });

  it('refuses parameters it cannot read', async () => {
    expect(await faultsOf('stages: { a: { cmd: x } }', { 'params.yaml': '- a list' })).toEqual([
      'vars params.yaml: expected a mapping of names to plain values',
    ]);
  });
});

describe('a hostile pipeline is refused in words, at once', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1)
    bomb.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  const axis = JSON.stringify(Array.from({ length: 100 }, (_, index) => index));
  const list = JSON.stringify(Array.from({ length: 1001 }, (_, index) => index));
  const long = { 'params.yaml': `x: ${'y'.repeat(1000)}` };

  it.each([
    ['aliases that multiply', `${bomb.join('\n')}\nstages: *a8`, {}, 'alias'],
    [
      'aliases that multiply in its parameters',
      'stages: { a: { cmd: x } }',
      { 'params.yaml': bomb.join('\n') },
      'alias',
    ],
    [
      'a matrix of millions',
      `stages: { a: { matrix: { x: ${axis}, y: ${axis}, z: ${axis} }, cmd: x } }`,
      {},
      '1000000 cells',
    ],
    [
      'more stages than anybody writes',
      `stages: { a: { foreach: ${list}, do: { cmd: x } } }`,
      {},
      'more than 1000 stages',
    ],
    ['a text that grows', `stages: { a: { cmd: "${`\${x}`.repeat(70)}" } }`, long, 'grows past'],
    ['brackets without end', `stages: ${'['.repeat(5000)}${']'.repeat(5000)}`, {}, 'call stack'],
    ['deep parameters', 'stages: { a: { cmd: x } }', { 'params.yaml': `a: ${'['.repeat(500)}${']'.repeat(500)}` }, ''],
    ['a very long file', `stages: {}\n#${'x'.repeat(1_048_576)}`, {}, 'longer than'],
  ])('%s', async (_, text, files, sentence) => {
    const faults = await faultsOf(text, files);
    expect(faults.join('\n')).toContain(sentence);
  });

  it('a parameter that would not be counted', async () => {
    const faults = await faultsOf('stages: { a: { cmd: x } }', { 'params.yaml': 'deep: [{ __proto__: 1 }]' });
    expect(faults).toEqual(['vars params.yaml: a parameter cannot be named __proto__']);
  });

  it.each(['constructor', 'toString', '__proto__'])('a name that only the language knows: %s', async (name) => {
    expect(await faultsOf(`stages: { a: { cmd: "x \${${name}}" } }`)).toEqual([
      expect.stringContaining('is not known'),
    ]);
  });
});
