import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type GitRepository, gitRepository, temporaryDirectory } from '../fixtures/git-repository.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

function pulltrain(directory: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: directory, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

const modelOf = (weight: number) => buildLogisticModel({ inputs: ['hour'], weights: [weight], bias: 0 });

/** A model whose training takes its weights from outside of the repository, as one does that seeds nothing. */
function repositoryBeside(outside: string): GitRepository {
  const repository = gitRepository({
    'pulltrain.yml': `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late }
    metrics: { primary: roc_auc }
`,
    'dvc.yaml': `stages:
  train:
    cmd: mkdir -p out && cp ${outside}/model.onnx out/model.onnx && cp ${outside}/metrics.json out/metrics.json
    deps: [rows.csv]
    outs: [out/model.onnx]
    metrics: [out/metrics.json]
`,
    'rows.csv': 'hour,late\n1,0\n',
    '.gitignore': 'out/\n',
  });
  repository.commit('first');
  return repository;
}

describe('a run of a model, made again', () => {
  it('is bit-equal, equal within the tolerance, or different and where: with its exit code', () => {
    using outside = temporaryDirectory();
    using repository = repositoryBeside(outside.path);
    const become = (weight: number, auc: number) => {
      writeFileSync(join(outside.path, 'model.onnx'), modelOf(weight));
      writeFileSync(join(outside.path, 'metrics.json'), JSON.stringify({ auc }));
    };
    become(0.1, 0.66);
    const run = pulltrain(repository.directory, 'run');
    expect(run).toMatchObject({ status: 0, out: expect.stringContaining('succeeded') });

    const same = pulltrain(repository.directory, 'reproduce', '--json');
    expect(same.status).toBe(0);
    expect(JSON.parse(same.out)).toMatchObject({ verdict: 'bit-equal', outputs: [], scores: null });

    // The smallest step of a 32-bit weight: other bytes, and scores that differ by some 1e-8.
    become(Math.fround(0.1) + 2 ** -27, 0.66);
    const close = pulltrain(repository.directory, 'reproduce', '--json');
    expect(close.status).toBe(0);
    const told = JSON.parse(close.out);
    expect(told).toMatchObject({ verdict: 'equal-within-tolerance', scores: { rows: 512, within: true } });
    expect(told.outputs.map(({ path }: { path: string }) => path)).toEqual(['out/model.onnx']);
    expect(told.scores.largest).toBeGreaterThan(0);
    expect(told.scores.largest).toBeLessThan(1e-6);

    become(0.2, 0.67);
    const other = pulltrain(repository.directory, 'reproduce');
    expect(other.status).toBe(1);
    expect(other.out).toContain('different');
    expect(other.out).toContain('out/model.onnx');
    expect(other.out).toMatch(/auc\s+0\.66\s+0\.67/);
  }, 120_000);
});
