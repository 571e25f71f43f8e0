import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainInDirectory } from '../../../adapters/training/train-in-directory.ts';
import { runRecordSchema } from '../../../pipelines/contracts/run-record.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';

const config = `version: 1
models:
  late:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late }
    metrics: { primary: roc_auc }
data:
  validate:
    - { data: data/*.csv, schema: schemas/flights.yml }
`;
const pipeline = `stages:
  train:
    cmd: cp model.bin out/model.onnx && touch trained
    deps: [data/flights.csv, model.bin]
    outs: [out/model.onnx]
`;
const schema = `version: 1
columns:
  hour: { type: integer, min: 0, max: { is: 23, severity: warning } }
  late: { values: [0, 1] }
`;
const files = {
  'pulltrain.yml': config,
  'dvc.yaml': pipeline,
  'model.bin': Buffer.from(buildLogisticModel({ inputs: ['hour'], weights: [0.1], bias: 0 })),
  'schemas/flights.yml': schema,
  'data/flights.csv': 'hour,late\n7,0\n8,1\n',
  'data/unrelated.csv': 'not,what\nthe,schema says\n',
  '.gitignore': 'out/\ntrained\n',
};

async function train(changes: Record<string, string>) {
  const repository = gitRepository({ ...files, ...changes });
  repository.commit('first');
  const folder = temporaryDirectory();
  const out = join(folder.path, 'run');
  const notes: string[] = [];
  try {
    const ignore = () => undefined;
    const record = await trainInDirectory(
      { directory: repository.directory, config: 'pulltrain.yml', model: '', dataRemote: '', out },
      {
        clock: { now: () => new Date(0) },
        environment: { PATH: process.env.PATH },
        observer: { note: (line) => notes.push(line), started: ignore, ended: ignore, progress: ignore, line: ignore },
      },
    );
    const handedOver = runRecordSchema.parse(JSON.parse(readFileSync(join(out, 'run-record.json'), 'utf8')));
    expect(handedOver).toEqual(record);
    return { record, notes, trained: existsSync(join(repository.directory, 'trained')) };
  } finally {
    repository[Symbol.dispose]();
    folder[Symbol.dispose]();
  }
}

describe('data that its schema describes', () => {
  it('is trained on, and the record says that it was checked', async () => {
    const { record, trained, notes } = await train({});
    expect(record).toMatchObject({
      status: 'succeeded',
      validations: [{ data: 'data/flights.csv', schema: 'schemas/flights.yml', status: 'pass', rows: 2, findings: [] }],
    });
    expect(trained).toBe(true);
    expect(notes).toContain('Validating data/flights.csv against schemas/flights.yml');
  });

  it('is trained on with a warning that the record keeps', async () => {
    const { record, trained } = await train({ 'data/flights.csv': 'hour,late\n7,0\n24,1\n' });
    expect(trained).toBe(true);
    expect(record.validations?.[0]?.findings).toEqual([
      { severity: 'warning', sentence: expect.stringMatching(/hour, max: expected at most 23.*row 2: hour "24"/) },
    ]);
  });
});

describe('data that its schema does not describe', () => {
  it('stops the run before any stage, with a record that says why', async () => {
    const { record, trained } = await train({ 'data/flights.csv': 'hour,late\n7,0\nseven,1\n9,maybe\n' });
    expect(trained).toBe(false);
    expect(record).toMatchObject({ status: 'failed', failure: { code: 'invalid-data', stage: null }, modelFile: null });
    expect(record.failure?.message).toContain('data/flights.csv does not hold what schemas/flights.yml says');
    expect(record.failure?.message).toContain('row 2: hour "seven"');
    expect(record.failure?.message).toContain('row 3: late "maybe"');
    expect(record.stages).toMatchObject([{ name: 'train', status: 'not-run' }]);
    expect(record.validations).toMatchObject([{ status: 'fail', errors: 2 }]);
  });

  it('stops the run when the schema itself is broken or absent, naming the line', async () => {
    const { record } = await train({ 'schemas/flights.yml': 'version: 1\ncolumns:\n  hour: { type: integre }\n' });
    expect(record.failure?.code).toBe('bad-input');
    expect(record.failure?.message).toContain('schemas/flights.yml:3');
    const moved = await train({ 'pulltrain.yml': config.replace('schemas/flights.yml', 'schemas/none.yml') });
    expect(moved.record.failure?.message).toContain('schemas/none.yml: the data schema cannot be read');
    expect(moved.trained).toBe(false);
  });
});
