import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { observeTraining } from '../../../actions/train/observe-training.ts';
import { notRun } from '../../../pipelines/training/stage-not-run.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';
import { plainStage } from '../../fixtures/plain-stage.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = {
  'pulltrain.yml': `version: 1
models:
  eta:
    task: regression
    output: model.onnx
    holdout: { data: data/holdout.parquet, target: y }
    metrics: { primary: rmse }
`,
  'dvc.yaml':
    'stages: { train: { cmd: "echo ::set-output name=key::mine && cp given.bin model.onnx", deps: [given.bin], outs: [model.onnx] } }',
  'given.bin': Buffer.from(buildLogisticModel({ inputs: ['x'], weights: [1], bias: 0 })),
};

/** Runs the action as the runner does: inputs and command files in the environment. */
function runAction(directory: string, temporary: string, inputs: Record<string, string> = {}) {
  const outputFile = join(temporary, 'output');
  const summaryFile = join(temporary, 'summary');
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '');
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'actions/train/index.ts')], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: temporary,
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: temporary,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      INPUT_CONFIG: 'pulltrain.yml',
      INPUT_MODEL: '',
      'INPUT_DATA-REMOTE': '',
      ...inputs,
    },
  });
  const written = readFileSync(outputFile, 'utf8');
  const outputs = Object.fromEntries(
    [...written.matchAll(/^(\S+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)].map((match) => [match[1], match[3]]),
  );
  return { status, stdout, outputs, summary: readFileSync(summaryFile, 'utf8') };
}

describe('the training action', () => {
  it('hands over a run and names it', () => {
    using repository = gitRepository(files);
    repository.commit('first');
    using temporary = temporaryDirectory();
    const { status, stdout, outputs, summary } = runAction(repository.directory, temporary.path);
    expect(status).toBe(0);
    const record = JSON.parse(readFileSync(join(outputs.directory ?? '', 'run-record.json'), 'utf8'));
    expect(outputs).toEqual({ directory: expect.any(String), key: record.key, status: 'succeeded' });
    expect(existsSync(join(outputs.directory ?? '', 'model.onnx'))).toBe(true);
    expect(summary).toContain('Training of eta: succeeded');
    expect(stdout).toMatch(/::group::Stage train\n::stop-commands::(\S+)\n::set-output name=key::mine\n::\1::/);
  });

  it('sets its outputs before it fails, and says why', () => {
    using repository = gitRepository({ ...files, 'dvc.yaml': files['dvc.yaml'].replace('cp ', 'false ') });
    repository.commit('first');
    using temporary = temporaryDirectory();
    const { status, stdout, outputs } = runAction(repository.directory, temporary.path);
    expect(status).toBe(1);
    expect(outputs.status).toBe('failed');
    expect(existsSync(join(outputs.directory ?? '', 'run-record.json'))).toBe(true);
    expect(stdout).toContain('::error::Stage train ended with exit code 1.');
  });

  it('fails with a sentence when there is nothing to hand over', () => {
    using repository = gitRepository(files);
    repository.commit('first');
    using temporary = temporaryDirectory();
    const { status, stdout, outputs } = runAction(repository.directory, temporary.path, { INPUT_MODEL: 'eat' });
    expect([status, outputs]).toEqual([1, {}]);
    expect(stdout).toContain('::error::no such model (got eat; allowed: eta)');
  });

  it('declares the inputs and outputs that it uses', () => {
    const manifest = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    expect(Object.keys(manifest.inputs)).toEqual(['config', 'model', 'data-remote', 'parameters', 'run-cache']);
    expect(Object.keys(manifest.outputs)).toEqual(['directory', 'key', 'status']);
    expect(manifest.runs).toEqual({ using: 'node24', main: 'actions/train/dist/index.cjs' });
  });
});

describe('the log of a job', () => {
  it('fences what the training program says, stage by stage, with a token it cannot know', () => {
    const lines: string[] = [];
    const tokens = ['first-token', 'second-token'];
    const observer = observeTraining(
      (line) => lines.push(line),
      () => tokens.shift() ?? '',
    );
    const outcome = { exitCode: 0, timedOut: false, seconds: 1.25, peakMemoryBytes: 3 * 1024 ** 2, lastLines: [] };
    for (const name of ['a', 'b%0A']) {
      const stage = { ...plainStage, name };
      observer.started(stage, 0, 2);
      observer.line(name, '::add-mask::x');
      observer.ended({ ...notRun(stage, ''), status: 'ran', outcome }, 1, 2);
    }
    observer.note('Fetching x\n::error::y');
    expect(lines).toEqual([
      '::group::Stage a',
      '::stop-commands::first-token',
      '::add-mask::x',
      '::first-token::',
      'exit code 0, 1.3 s, 3 MiB at most',
      '::endgroup::',
      '::group::Stage b_0A',
      '::stop-commands::second-token',
      '::add-mask::x',
      '::second-token::',
      'exit code 0, 1.3 s, 3 MiB at most',
      '::endgroup::',
      'Fetching x ::error::y',
    ]);
  });
});
