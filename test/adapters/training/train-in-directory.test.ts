import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { openCommitTree } from '../../../adapters/source-tree/open-commit-tree.ts';
import { trainInDirectory } from '../../../adapters/training/train-in-directory.ts';
import { runRecordSchema } from '../../../pipelines/contracts/run-record.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { computeRunKey } from '../../../pipelines/training/compute-run-key.ts';
import { type GitRepository, gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';

const onnx = Buffer.from(buildLogisticModel({ inputs: ['hour'], weights: [0.1], bias: 0 }));
const config = (timeout = '20s') => `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    timeout: ${timeout}
    holdout: { data: data/holdout.parquet, target: late }
    metrics: { primary: roc_auc }
`;
const pipeline = `stages:
  prepare:
    cmd: tr a-z A-Z < data/rows.csv > prepared.csv
    deps: [data/rows.csv]
    outs: [prepared.csv]
  train:
    cmd: cat prepared.csv && cp model.bin out/model.onnx && echo '{"auc":0.66,"n":{"rows":2},"note":"x"}' > out/metrics.json
    deps: [prepared.csv, model.bin]
    params: [trees]
    outs: [out/model.onnx]
    metrics: [out/metrics.json]
`;
const pointer = formatPointer({ kind: 'pointer', version: 1, integrity: integrityOf('rows\n'), size: 5 });
const files = {
  'pulltrain.yml': config(),
  'dvc.yaml': pipeline,
  'params.yaml': 'trees: 3\n',
  'model.bin': onnx,
  'data/rows.csv.pointer.yml': pointer,
  '.gitignore': 'data/rows.csv\nout/\nprepared.csv\n',
};

type Setting = Disposable & { repository: GitRepository; store: string; out: string; lines: string[] };

async function setting(changes: Record<string, string | Buffer | null> = {}): Promise<Setting> {
  const repository = gitRepository({ ...files, ...changes });
  repository.commit('first');
  const folder = temporaryDirectory();
  const store = join(folder.path, 'store');
  writeFileSync(join(folder.path, 'rows'), 'rows\n');
  await openLocalStore(store).put(join(folder.path, 'rows'));
  return {
    repository,
    store,
    out: join(folder.path, 'run'),
    lines: [],
    [Symbol.dispose]() {
      repository[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

function train(
  { repository, store, out, lines }: Setting,
  request: { dataRemote?: string; signal?: AbortSignal } = {},
) {
  const ignore = () => undefined;
  return trainInDirectory(
    {
      directory: repository.directory,
      config: 'pulltrain.yml',
      model: '',
      dataRemote: request.dataRemote ?? store,
      out,
    },
    {
      clock: { now: () => new Date(0) },
      environment: { PATH: process.env.PATH, GITHUB_TOKEN: 'secret' },
      observer: { note: ignore, started: ignore, ended: ignore, progress: ignore, line: (_, line) => lines.push(line) },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    },
  );
}

const handedOver = (out: string) =>
  runRecordSchema.parse(JSON.parse(readFileSync(join(out, 'run-record.json'), 'utf8')));

describe('a training run that succeeds', () => {
  it('hands over the model, its record and its logs', async () => {
    using place = await setting();
    const record = await train(place);
    expect(record.status).toBe('succeeded');
    expect(record).toEqual(handedOver(place.out));
    expect(record).toMatchObject({
      model: 'flight-delay',
      failure: null,
      code: { sha: place.repository.git('rev-parse', 'HEAD'), clean: true },
      stages: [
        { name: 'prepare', status: 'ran', exitCode: 0 },
        { name: 'train', status: 'ran', exitCode: 0 },
      ],
      parameters: { trees: 3 },
      reportedMetrics: { auc: 0.66, 'n.rows': 2 },
      modelFile: { path: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex'), size: onnx.length },
    });
    expect(readFileSync(join(place.out, 'model.onnx'))).toEqual(onnx);
    expect(readFileSync(join(place.out, 'logs/train.log'), 'utf8')).toBe('ROWS\n');
    expect(readdirSync(join(place.out, '..')).toSorted()).toEqual(['rows', 'run', 'store']);
  });

  it('tells the versions of the features that went in', async () => {
    const joins = 'tr a-z A-Z < data/rows.csv > prepared.csv || pulltrain features join --service city@v1';
    using place = await setting({
      'dvc.yaml': pipeline.replace('tr a-z A-Z < data/rows.csv > prepared.csv', joins),
      'features/weather.yml': `version: 1
entities: { city: { keys: { city: string } } }
views: { weather: { entity: city, source: { file: data/rows.csv }, time: at, features: { rain: double } } }
services: { city@v1: { features: [weather] } }
`,
    });
    const { features } = await train(place);
    expect(features).toEqual({ weather: expect.stringMatching(/^sha512-/) });
    expect(handedOver(place.out).features).toEqual(features);
  });

  it('has the key that the trusted side computes from git alone', async () => {
    using place = await setting();
    const record = await train(place);
    await using tree = await openCommitTree(place.repository.directory, 'HEAD');
    const model = { pipeline: 'dvc.yaml', output: 'out/model.onnx' };
    expect(record.key).toBe((await computeRunKey({ name: 'flight-delay', model, tree })).key);
  });

  it('has another key when tracked files were edited, and says so', async () => {
    using place = await setting();
    const first = await train(place);
    place.repository.write({ 'params.yaml': 'trees: 4\n' });
    const second = await train(place);
    expect(second).toMatchObject({ code: { clean: false }, parameters: { trees: 4 } });
    expect(second.key).not.toBe(first.key);
  });

  it('does not take an output of an earlier run for its own', async () => {
    using place = await setting();
    await train(place);
    place.repository.write({ 'dvc.yaml': pipeline.replace('cp model.bin out/model.onnx && ', '') });
    expect(await train(place)).toMatchObject({
      status: 'failed',
      failure: { code: 'missing-output' },
      modelFile: null,
    });
    expect(existsSync(join(place.out, 'model.onnx'))).toBe(false);
  });
});

describe('a training run that fails', () => {
  const broken = (from: string, to: string) => ({ 'dvc.yaml': pipeline.replace(from, to) });

  it('tells the exit code and the last lines, and what did not run', async () => {
    using place = await setting(broken('tr a-z A-Z', 'echo "no such column hour"; exit 1; tr a-z'));
    const record = await train(place);
    expect(record).toEqual(handedOver(place.out));
    expect(record).toMatchObject({
      status: 'failed',
      failure: { code: 'stage-failed', stage: 'prepare' },
      stages: [
        { name: 'prepare', status: 'failed', exitCode: 1 },
        { name: 'train', status: 'not-run', exitCode: null },
      ],
    });
    expect(place.lines).toEqual(['no such column hour']);
    expect(record.failure?.message).toBe('Stage prepare ended with exit code 1. Its last lines:\nno such column hour');
  });

  it.each([
    [
      'hangs',
      { 'pulltrain.yml': config('1s'), ...broken('cat prepared.csv', 'sleep 60') },
      'stage-timeout',
      'within the 1 s',
    ],
    [
      'writes no model',
      broken('cp model.bin out/model.onnx', 'true'),
      'missing-output',
      'did not write out/model.onnx',
    ],
    ['writes text for a model', { 'model.bin': Buffer.from('not a model') }, 'bad-output', 'not an ONNX model'],
    ['writes an empty model', { 'model.bin': Buffer.from('') }, 'bad-output', 'empty'],
    [
      'writes a link for a model',
      broken('cp model.bin out/model.onnx', 'ln -s /etc/passwd out/model.onnx'),
      'bad-output',
      'cannot open the model file',
    ],
    ['needs a parameter that is not there', { 'params.yaml': 'tree: 3\n' }, 'bad-input', 'no parameter "trees"'],
    ['has a broken pipeline', { 'dvc.yaml': 'stages: {}' }, 'bad-input', 'has no stage'],
    ['has no pipeline', { 'dvc.yaml': null }, 'bad-input', 'no such pipeline file'],
    ['has a pointer that is none', { 'data/rows.csv.pointer.yml': 'rows' }, 'bad-input', 'not a pointer'],
    [
      'needs data that the store lacks',
      { 'data/rows.csv.pointer.yml': pointer.replace(integrityOf('rows\n'), integrityOf('other')) },
      'bad-input',
      'the store has no',
    ],
  ])('is handed over with its reason when it %s', async (_, changes, code, message) => {
    using place = await setting(changes);
    const record = await train(place);
    expect(record).toMatchObject({
      status: 'failed',
      failure: { code, message: expect.stringContaining(message) },
      modelFile: null,
    });
    expect(handedOver(place.out)).toEqual(record);
  });

  it('names the missing store', async () => {
    using place = await setting();
    expect(await train(place, { dataRemote: '' })).toMatchObject({
      failure: { code: 'bad-input', message: expect.stringContaining('none is named') },
    });
  });

  it('never overwrites data that is nowhere else', async () => {
    using place = await setting({});
    place.repository.write({ 'data/rows.csv': 'my own work' });
    expect(await train(place)).toMatchObject({
      failure: { code: 'bad-input', message: expect.stringContaining('data add') },
    });
    expect(readFileSync(join(place.repository.directory, 'data/rows.csv'), 'utf8')).toBe('my own work');
  });

  it('never removes or writes through a link to another place', async () => {
    using elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere.path, 'model.onnx'), 'precious');
    using place = await setting();
    symlinkSync(elsewhere.path, join(place.repository.directory, 'out'));
    const record = await train(place);
    expect(record).toMatchObject({
      failure: { code: 'bad-input', stage: 'train', message: expect.stringContaining('out of the repository') },
    });
    expect(readFileSync(join(elsewhere.path, 'model.onnx'), 'utf8')).toBe('precious');
  });

  it('keeps the tokens of the job from the training program', async () => {
    using place = await setting(broken('cat prepared.csv', 'env'));
    await train(place);
    expect(place.lines.join('\n')).not.toContain('secret');
    expect(place.lines).toContainEqual(expect.stringMatching(/^PATH=/));
  });
});

describe('what nobody can hand over', () => {
  it('is thrown, and leaves nothing half made', async () => {
    using place = await setting();
    await expect(train(place, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(place.out, '..')).toSorted()).toEqual(['rows', 'store']);
  });

  it('is a configuration that cannot be read', async () => {
    using place = await setting({ 'pulltrain.yml': 'version: 1' });
    await expect(train(place)).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
