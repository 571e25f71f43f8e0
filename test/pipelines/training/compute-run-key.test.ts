import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCommitTree } from '../../../adapters/source-tree/open-commit-tree.ts';
import { openDirectoryTree } from '../../../adapters/source-tree/open-directory-tree.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { computeRunKey } from '../../../pipelines/training/compute-run-key.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const model = { pipeline: 'dvc.yaml', output: 'out/model.onnx' };
const pointer = (content: string) =>
  formatPointer({ kind: 'pointer', version: 1, integrity: integrityOf(content), size: content.length });

const files = {
  'dvc.yaml': `
stages:
  prepare:
    cmd: node src/prepare.js \${data.snapshot} prepared
    deps: [src/prepare.js, src/lib, "\${data.snapshot}"]
    params: [data.snapshot, train.from]
    outs: [prepared]
  train:
    cmd: node src/train.js
    deps: [src/train.js, prepared/train.csv]
    params: [train]
    outs:
      - out/model.onnx: { cache: false }
    metrics:
      - out/metrics.json
  plot:
    cmd: node src/plot.js
    deps: [src/plot.js, out/model.onnx]
    outs: [out/plot.svg]
`,
  'params.yaml':
    'data: { snapshot: data/flights.parquet }\ntrain: { from: 2001-01-01, trees: 10 }\nserve: { port: 1 }\n',
  'src/prepare.js': '// prepare',
  'src/train.js': '// train',
  'src/plot.js': '// plot',
  'src/lib/a.js': '// a',
  'src/lib/deep/b.js': '// b',
  'data/flights.parquet.pointer.yml': pointer('flights'),
  'README.md': 'about',
};
type Files = Record<string, string>;

async function keyOf(tree: Files): Promise<string> {
  return (await computeRunKey({ name: 'flight-delay', model, tree: memoryTree(tree) })).key;
}

async function keyOfCommit(directory: string, revision: string): Promise<string> {
  await using tree = await openCommitTree(directory, revision);
  return (await computeRunKey({ name: 'flight-delay', model, tree })).key;
}

async function keyOfDirectory(directory: string): Promise<string> {
  return (await computeRunKey({ name: 'flight-delay', model, tree: await openDirectoryTree(directory) })).key;
}

describe('the identity of a run', () => {
  it('tells what goes in', async () => {
    const run = await computeRunKey({ name: 'flight-delay', model, tree: memoryTree(files) });
    expect(run.stages.map(({ name }) => name)).toEqual(['prepare', 'train']);
    expect(run.sources).toEqual([
      { path: 'data/flights.parquet', integrity: integrityOf('flights'), origin: 'pointer' },
      { path: 'src/lib/a.js', integrity: integrityOf('// a'), origin: 'git' },
      { path: 'src/lib/deep/b.js', integrity: integrityOf('// b'), origin: 'git' },
      { path: 'src/prepare.js', integrity: integrityOf('// prepare'), origin: 'git' },
      { path: 'src/train.js', integrity: integrityOf('// train'), origin: 'git' },
    ]);
    expect(run.parameters).toEqual({
      'data.snapshot': 'data/flights.parquet',
      'train.from': '2001-01-01',
      'train.trees': 10,
    });
  });

  it('is written down, so that no later release changes it unseen', async () => {
    expect(await keyOf(files)).toBe(
      'sha512-hsyiloza0cRpb8gdovt2VkrrdCxR/27+ZyDgeC19zLs1SpMYUh8elFORJASbql/1BhgYFBRhx8WYLqE01pc06Q==',
    );
  });

  it.each([
    ['a command', { 'dvc.yaml': files['dvc.yaml'].replace('src/train.js\n', 'src/train.js --fast\n') }],
    ['a parameter', { 'params.yaml': files['params.yaml'].replace('trees: 10', 'trees: 11') }],
    ['the content of a source', { 'src/train.js': '// train better' }],
    ['the content of a file in a folder', { 'src/lib/deep/b.js': '// c' }],
    ['a new file in a folder', { 'src/lib/c.js': '' }],
    ['what a pointer names', { 'data/flights.parquet.pointer.yml': pointer('more flights') }],
    ['an out path', { 'dvc.yaml': files['dvc.yaml'].replace('out/metrics.json', 'out/scores.json') }],
    ['an upstream stage', { 'src/prepare.js': '// prepare better' }],
  ])('changes with %s', async (_, changed: Files) => {
    expect(await keyOf({ ...files, ...changed })).not.toBe(await keyOf(files));
  });

  it('changes with the place where a stage runs', async () => {
    const stage = (wdir: string, out: string) => `stages: { train: { wdir: ${wdir}, cmd: make, outs: [${out}] } }`;
    const keys = [stage('.', 'out/model.onnx'), stage('out', 'model.onnx')].map((text) => keyOf({ 'dvc.yaml': text }));
    const [root, folder] = await Promise.all(keys);
    expect(root).not.toBe(folder);
  });

  it('changes with the name of the model', async () => {
    const other = await computeRunKey({ name: 'other', model, tree: memoryTree(files) });
    expect(other.key).not.toBe(await keyOf(files));
  });

  it.each([
    ['files that no stage reads', { 'README.md': 'more', 'src/plot.js': '// other' }],
    [
      'a stage after the model',
      { 'dvc.yaml': files['dvc.yaml'].replace('node src/plot.js', 'node src/plot.js --wide') },
    ],
    ['a parameter nobody declares', { 'params.yaml': files['params.yaml'].replace('port: 1', 'port: 2') }],
    [
      'the order and looks of YAML',
      {
        'params.yaml':
          '# tidy\ntrain:\n  trees: 1e1\n  from: "2001-01-01"\ndata:\n  snapshot: data/flights.parquet\nserve: {}\n',
      },
    ],
    ['the name of a stage', { 'dvc.yaml': files['dvc.yaml'].replace('  prepare:', '  zzz:') }],
    [
      'the shape of a table in a pointer',
      { 'data/flights.parquet.pointer.yml': `${pointer('flights')}licence: CC0\n` },
    ],
    ['pulled data beside its pointer', { 'data/flights.parquet': 'anything at all' }],
    ['a stale output', { 'prepared/train.csv': 'old', 'out/model.onnx': 'old' }],
  ])('does not change with %s', async (_, changed: Files) => {
    expect(await keyOf({ ...files, ...changed })).toBe(await keyOf(files));
  });

  it('follows the content of any source, and nothing but the content', async () => {
    const sources = ['src/prepare.js', 'src/train.js', 'src/lib/a.js', 'src/lib/deep/b.js'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.string(), fc.string(), async (path, one, two) => {
        const [first, second] = await Promise.all([keyOf({ ...files, [path]: one }), keyOf({ ...files, [path]: two })]);
        expect(first === second).toBe(one === two);
      }),
      { numRuns: 40 },
    );
  });

  it('counts files that are called like what every object has', async () => {
    const named = (source: string, parameter: string): Files => ({
      ...files,
      'dvc.yaml': files['dvc.yaml']
        .replace('deps: [src/train.js,', 'deps: [__proto__, src/train.js,')
        .replace('params: [train]', 'params: [train, {"./__proto__": [a]}]'),
      ['__proto__']: `a: ${parameter}\n# ${source}\n`,
    });
    const keys = await Promise.all([keyOf(files), keyOf(named('1', '1')), keyOf(named('2', '1'))]);
    expect(new Set(keys).size).toBe(3);
  });

  it('names a dependency that is nowhere and a parameter that is not there, all at once', async () => {
    const text = files['dvc.yaml']
      .replace('deps: [src/train.js,', 'deps: [src/gone.js,')
      .replace('params: [train]', 'params: [tree]');
    await expect(keyOf({ ...files, 'dvc.yaml': text })).rejects.toMatchObject({
      code: 'pipeline-invalid',
      faults: [
        { where: 'dvc.yaml:8:3', message: 'stage train: params.yaml has no parameter "tree"' },
        { where: 'dvc.yaml:8:3', message: expect.stringContaining('depends on src/gone.js, which is neither') },
      ],
    });
  });
});

describe('the same run in another place', () => {
  it('has the same key in a working directory, its commit and a bare clone', async () => {
    using repository = gitRepository({ ...files, '.gitignore': '*.cache\n', 'src/lib/link.js': null });
    symlinkSync('../train.js', join(repository.directory, 'src/lib/link.js'));
    const sha = repository.commit('first');
    using clones = temporaryDirectory();
    const bare = join(clones.path, 'bare.git');
    execFileSync('git', ['clone', '--quiet', '--bare', repository.directory, bare], { stdio: 'ignore' });
    const key = await keyOfCommit(repository.directory, sha);
    expect(await keyOfCommit(bare, 'main')).toBe(key);
    expect(await keyOfDirectory(repository.directory)).toBe(key);

    mkdirSync(join(repository.directory, 'prepared'));
    writeFileSync(join(repository.directory, 'prepared/train.csv'), 'made');
    writeFileSync(join(repository.directory, 'src/lib/x.cache'), 'ignored');
    writeFileSync(join(repository.directory, 'data/flights.parquet'), 'pulled');
    utimesSync(join(repository.directory, 'src/train.js'), 0, 0);
    expect(await keyOfDirectory(repository.directory)).toBe(key);
  });

  it('survives merge, squash and rebase', async () => {
    using repository = gitRepository(files);
    repository.commit('base');
    repository.git('switch', '--quiet', '--create', 'change');
    repository.write({ 'src/train.js': '// better' });
    repository.commit('one');
    repository.write({ 'params.yaml': files['params.yaml'].replace('trees: 10', 'trees: 20') });
    const head = repository.commit('two');
    const key = await keyOfCommit(repository.directory, head);
    repository.git('switch', '--quiet', 'main');
    repository.write({ 'README.md': 'moved on' });
    const main = repository.commit('elsewhere');

    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
    expect(await keyOfCommit(repository.directory, 'HEAD')).toBe(key);
    repository.git('reset', '--quiet', '--hard', main);
    repository.git('merge', '--quiet', '--squash', 'change');
    repository.commit('squash');
    expect(await keyOfCommit(repository.directory, 'HEAD')).toBe(key);
    repository.git('switch', '--quiet', 'change');
    repository.git('rebase', '--quiet', main);
    expect(await keyOfCommit(repository.directory, 'HEAD')).toBe(key);
  });
});
