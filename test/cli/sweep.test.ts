import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { verbs } from '../../cli/verbs.ts';
import { gitRepository } from '../fixtures/git-repository.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';

/** A training that is best at a learning rate of 0.3 and a depth of 6, and the better the more trees it has. */
const train = `
lr=$(sed -n 's/.*lr: *//p' params.yaml); depth=$(sed -n 's/.*depth: *//p' params.yaml); trees=$(sed -n 's/.*trees: *//p' params.yaml)
echo "$lr $depth $trees" >> "$TRIALS"
[ "$depth" != 13 ] || { echo 'unlucky depth' >&2; exit 3; }
mkdir -p out && cp model.bin out/model.onnx
awk -v lr="$lr" -v depth="$depth" -v trees="$trees" 'BEGIN {
  print "{\\"validation_roc_auc\\":" 0.9 - (lr-0.3)^2 - (depth-6)^2/100 - 1/(10*trees) "}" }' > out/metrics.json
`;
const files = {
  'pulltrain.yml': `version: 1
models:
  m:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late }
    metrics: { primary: roc_auc }
    sweep: { space: { train.lr: [0.1, 0.3], train.depth: 5..6 } }
`,
  'dvc.yaml': `stages:
  train:
    cmd: sh train.sh
    deps: [train.sh, model.bin]
    params: [train]
    outs: [out/model.onnx]
    metrics: [out/metrics.json]
`,
  'params.yaml': '# how it learns\ntrain:\n  lr: 0.1\n  depth: 5\n  trees: 50\n',
  'train.sh': train,
  'model.bin': Buffer.from(buildLogisticModel({ inputs: ['hour'], weights: [0.1], bias: 0 })),
  '.gitignore': 'out/\n.pulltrain/\n',
};

function world() {
  const repository = gitRepository(files);
  const log = join(repository.directory, '.git', 'trials');
  repository.write({ 'train.sh': train.replaceAll('$TRIALS', log) });
  repository.commit('first');
  return {
    directory: repository.directory,
    /** `lr depth trees` of every training that began, in order. */
    trained: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    async sweep(...args: string[]) {
      const output = { out: '', err: '' };
      const code = await runCommand(['sweep', ...args], verbs, {
        directory: repository.directory,
        environment: process.env,
        interactive: false,
        writeOut: (text) => {
          output.out += text;
        },
        writeErr: (text) => {
          output.err += text;
        },
      });
      return { code, ...output };
    },
    [Symbol.dispose]: () => repository[Symbol.dispose](),
  };
}

describe('pulltrain sweep', () => {
  it('trains every point of the space in the configuration, ranks them, and leaves the checkout alone', async () => {
    using at = world();
    const { code, out, err } = await at.sweep('--jobs', '2');
    expect(err).toContain('4 trials of m');
    expect(code).toBe(0);
    expect(out).toMatch(/^rank {2}trial {2}validation_roc_auc \(reported\)/);
    const rows = out.split('\n').slice(1, 5);
    expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['1', '4', '0.8980', '0.3', '6'],
      ['2', '3', '0.8880', '0.3', '5'],
      ['3', '2', '0.8580', '0.1', '6'],
      ['4', '1', '0.8480', '0.1', '5'],
    ]);
    expect(out).toContain('pulltrain run --set train.lr=0.3 --set train.depth=6');
    expect(readFileSync(join(at.directory, 'params.yaml'), 'utf8')).toBe(files['params.yaml']);
    expect(at.trained()).toHaveLength(4);
    // Nothing is left but what was trained.
    const [id = ''] = readdirSync(join(at.directory, '.pulltrain/sweeps'));
    expect(readdirSync(join(at.directory, '.pulltrain/sweeps', id)).sort()).toEqual([
      'plan.json',
      'rung-1',
      'rung-1.json',
    ]);
  });

  it('trains the files as they lie, and finds an earlier sweep of the same again', async () => {
    using at = world();
    writeFileSync(join(at.directory, 'params.yaml'), files['params.yaml'].replace('trees: 50', 'trees: 10'));
    await at.sweep('train.lr=0.3');
    await at.sweep('train.lr=0.3');
    expect(at.trained()).toEqual(['0.3 5 10']);
    await at.sweep('train.lr=0.2');
    expect(at.trained().at(-1)).toBe('0.2 5 10');
    await at.sweep('train.lr=0.2', '--afresh');
    expect(at.trained().slice(1)).toEqual(['0.2 5 10', '0.2 5 10']);
  });

  it('goes on after it was killed, without training again what had ended', async () => {
    using at = world();
    await at.sweep('train.lr=0.1,0.3', '--jobs', '1');
    const [id = ''] = readdirSync(join(at.directory, '.pulltrain/sweeps'));
    const folder = join(at.directory, '.pulltrain/sweeps', id);
    // As a kill in the second trial leaves it: a lock of nobody, a copy git knows, one record.
    rmSync(join(folder, 'rung-1', 'trial-2'), { recursive: true });
    rmSync(join(folder, 'rung-1.json'));
    writeFileSync(join(folder, 'lock'), '4194304\n');
    const again = await at.sweep('train.lr=0.1,0.3', '--jobs', '1');
    expect(again.err).toContain('Going on');
    expect(again.code).toBe(0);
    // What the killed training had finished is found in the run cache; the other trial is only read.
    expect(at.trained()).toHaveLength(2);
    expect(again.out).toContain('Best: trial 2');
  });

  it('halves: many with little, the best of them with more', async () => {
    using at = world();
    const { code, out, err } = await at.sweep(
      'train.lr=0.1,0.2,0.3,0.4',
      'train.depth=6',
      '--halving',
      'train.trees=5..20',
      '--keep',
      '2',
    );
    expect(err).toContain('rung 3 of 3');
    expect(code).toBe(0);
    expect(at.trained().filter((line) => line.endsWith(' 5'))).toHaveLength(4);
    expect(at.trained().filter((line) => line.endsWith(' 10'))).toHaveLength(2);
    expect(at.trained().filter((line) => line.endsWith(' 20'))).toEqual(['0.3 6 20']);
    expect(out).toContain('train.trees=20');
  });

  it('shows a trial that failed at the end, with the reason, and ranks the rest', async () => {
    using at = world();
    const { code, out } = await at.sweep('train.depth=6,13');
    expect(code).toBe(0);
    expect(out).toMatch(/–\s+2\s+failed/);
    expect(out).toContain('trial 2: ');
    expect((await at.sweep('train.depth=13')).code).toBe(1);
  });

  it.each([
    ['a parameter that is not there', ['train.moon=1,2'], 'train.moon'],
    ['a range without steps', ['train.lr=0.1..0.3'], '--random'],
    ['too many trials', ['train.lr=0..300'], '256'],
    ['a twisted range', ['train.lr=8..4'], 'smaller number'],
    ['an empty value', ['train.lr=0.1,'], 'missing'],
    ['halving what is swept', ['train.trees=1,2', '--halving', 'train.trees=1..9'], 'cannot be swept'],
    ['a word', ['banana'], 'name=4..8'],
    ['an unknown metric', ['train.lr=0.1', '--metric', 'f2'], 'f2'],
  ])('refuses %s and says what to do', async (_, args, said) => {
    using at = world();
    const { code, out, err } = await at.sweep(...args);
    expect(code).toBeGreaterThan(0);
    expect(out + err).toContain(said);
  });

  it('draws the same points for the same seed, and says them without training', async () => {
    using at = world();
    const drawn = async (...more: string[]) =>
      (await at.sweep('train.lr=log:0.001..0.5', 'train.depth=2..12', '--random', '5', '--dry', ...more)).out;
    expect(await drawn('--seed', '7')).toBe(await drawn('--seed', '7'));
    expect(await drawn('--seed', '7')).not.toBe(await drawn('--seed', '8'));
    expect((await drawn()).trim().split('\n')).toHaveLength(5);
    expect(at.trained()).toEqual([]);
  });
});
