import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type PipelineRequest, runInDirectory } from '../../../adapters/training/run-in-directory.ts';
import { runRecordSchema } from '../../../pipelines/contracts/run-record.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';

const cli = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
const chain = `stages:
  clean:
    cmd: tr a-z A-Z < raw.txt > clean.txt
    deps: [raw.txt]
    outs: [clean.txt]
  count:
    cmd: mkdir -p out && wc -c < clean.txt > out/count && echo '{"size":1}' > size.json
    deps: [clean.txt]
    params: [unit]
    outs: [out]
    metrics: [size.json]
  other:
    cmd: cat raw.txt raw.txt > twice.txt
    deps: [raw.txt]
    outs: [twice.txt]
`;
const files = { 'dvc.yaml': chain, 'params.yaml': 'unit: byte\n', 'raw.txt': 'abc', '.gitignore': '/.pulltrain\n' };

function run(directory: string, request: Partial<PipelineRequest> = {}, lines: string[] = []) {
  const ignore = () => undefined;
  return runInDirectory(
    {
      directory,
      pipeline: 'dvc.yaml',
      all: false,
      targets: [],
      jobs: 2,
      force: false,
      failFast: false,
      dry: false,
      cache: 'read',
      remote: '',
      logs: join(directory, '.pulltrain', 'logs'),
      id: 'test',
      invocation: 'pulltrain run',
      ...request,
    },
    {
      clock: { now: () => new Date() },
      environment: { PATH: process.env.PATH },
      observer: {
        note: (line) => lines.push(line),
        started: ignore,
        ended: ignore,
        progress: ignore,
        line: (stage, text) => lines.push(`${stage}: ${text}`),
      },
    },
  );
}

async function statuses(directory: string, request: Partial<PipelineRequest> = {}) {
  const record = await run(directory, request);
  return Object.fromEntries(record.stages.map(({ name, status }) => [name, status]));
}

const all = (status: string) => ({ clean: status, count: status, other: status });

describe('running a pipeline', () => {
  it('runs what is new, leaves alone what is not, and says what it did', async () => {
    using repository = gitRepository(files);
    const sha = repository.commit('first');
    const record = await run(repository.directory);
    expect(runRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      model: null,
      status: 'succeeded',
      code: { sha, clean: true },
      parameters: { unit: 'byte' },
      reportedMetrics: { size: 1 },
    });
    expect(record.stages.map(({ name, status }) => [name, status])).toEqual([
      ['clean', 'ran'],
      ['count', 'ran'],
      ['other', 'ran'],
    ]);
    expect(record.stages[1]).toMatchObject({
      inputs: [{ path: 'clean.txt' }],
      outputs: [{ path: 'out', files: 1, size: 2 }, { path: 'size.json' }],
      log: { path: 'logs/count.log', size: 0 },
    });
    expect(await statuses(repository.directory)).toEqual(all('unchanged'));
  });

  it('runs only what a change reaches, and stops where outputs come out the same', async () => {
    using repository = gitRepository(files);
    await run(repository.directory);
    repository.write({ 'params.yaml': 'unit: line\n' });
    expect(await statuses(repository.directory)).toEqual({ clean: 'unchanged', count: 'ran', other: 'unchanged' });
    // Other bytes that clean turns into the same as before.
    repository.write({ 'raw.txt': 'ABC' });
    expect(await statuses(repository.directory)).toEqual({ clean: 'ran', count: 'unchanged', other: 'ran' });
  });

  it('takes finished stages from the cache of this machine, and makes edited outputs right again', async () => {
    using repository = gitRepository(files);
    await run(repository.directory);
    rmSync(join(repository.directory, 'out'), { recursive: true });
    repository.write({ 'twice.txt': 'edited' });
    expect(await statuses(repository.directory)).toEqual({ clean: 'unchanged', count: 'restored', other: 'restored' });
    expect(readFileSync(join(repository.directory, 'twice.txt'), 'utf8')).toBe('abcabc');
    expect(readFileSync(join(repository.directory, 'out/count'), 'utf8')).toBe('3\n');
  });

  it('takes them from a remote on another machine, where it may write only when told to', async () => {
    using remote = temporaryDirectory();
    using maya = gitRepository(files);
    await run(maya.directory, { remote: remote.path });
    using early = gitRepository(files);
    expect(await statuses(early.directory, { remote: remote.path })).toEqual(all('ran'));
    await run(maya.directory, { remote: remote.path, cache: 'write', force: true });
    using dana = gitRepository(files);
    expect(await statuses(dana.directory, { remote: remote.path })).toEqual(all('restored'));
    expect(await statuses(dana.directory, { remote: remote.path, cache: 'off', force: true })).toEqual(all('ran'));
  });

  it('lets a failed stage spoil nothing but what depends on it, and goes on from there', async () => {
    using repository = gitRepository({ ...files, 'dvc.yaml': chain.replace('tr a-z', 'echo no; exit 3; tr') });
    const record = await run(repository.directory);
    expect(record).toMatchObject({ status: 'failed', failure: { code: 'stage-failed', stage: 'clean' } });
    expect(record.stages.map(({ status }) => status)).toEqual(['failed', 'not-run', 'ran']);
    repository.write({ 'dvc.yaml': chain });
    expect(await statuses(repository.directory)).toEqual({ clean: 'ran', count: 'ran', other: 'unchanged' });
  });

  it('keeps to the stages that were asked for', async () => {
    using repository = gitRepository(files);
    expect(await statuses(repository.directory, { targets: ['count'] })).toEqual({ clean: 'ran', count: 'ran' });
    expect(await statuses(repository.directory, { targets: ['clean'], downstream: true, force: true })).toEqual({
      clean: 'ran',
      count: 'ran',
    });
    expect(await statuses(repository.directory, { targets: ['out'], single: true, force: true })).toEqual({
      count: 'ran',
    });
    await expect(run(repository.directory, { targets: ['cout'] })).rejects.toMatchObject({
      code: 'stage-unknown',
      parts: { cure: 'Did you mean count?' },
    });
  });

  it('says what it would do without doing it', async () => {
    using repository = gitRepository(files);
    const record = await run(repository.directory, { dry: true });
    expect(record.stages.map(({ reason }) => reason)).toEqual([
      'would run: it has not run here before',
      'would run: clean comes first',
      'would run: it has not run here before',
    ]);
    expect(existsSync(join(repository.directory, 'clean.txt'))).toBe(false);
  });

  it('names a dependency that is not there', async () => {
    using repository = gitRepository({ ...files, 'raw.txt': null });
    const record = await run(repository.directory);
    expect(record.failure?.message).toContain('dvc.yaml:2:3: depends on raw.txt, which is not there');
  });

  it('joins the pipelines of subfolders', async () => {
    using repository = gitRepository({
      'dvc.yaml': 'stages: { join: { cmd: cat sub/a.txt > b.txt, deps: [sub/a.txt], outs: [b.txt] } }',
      'sub/dvc.yaml': 'stages: { make: { cmd: echo 1 > a.txt, deps: [seed], outs: [a.txt] }, spare: { cmd: "true" } }',
      'sub/seed': 'x',
    });
    expect(await statuses(repository.directory)).toEqual({ 'sub/dvc.yaml:make': 'ran', join: 'ran' });
    expect(Object.keys(await statuses(repository.directory, { all: true }))).toContain('sub/dvc.yaml:spare');
  });

  it('obeys frozen, always_changed and persist', async () => {
    using repository = gitRepository({
      'dvc.yaml': `stages:
  fixed: { cmd: exit 1, deps: [gone], outs: [fixed.txt], frozen: true }
  always: { cmd: date > now.txt, deps: [fixed.txt], outs: [now.txt], always_changed: true }
  grow: { cmd: echo x >> log.txt, deps: [seed], outs: [{ log.txt: { persist: true } }] }`,
      'fixed.txt': 'as it lies',
      seed: '1',
    });
    expect(await statuses(repository.directory)).toEqual({ fixed: 'unchanged', always: 'ran', grow: 'ran' });
    repository.write({ seed: '2' });
    expect(await statuses(repository.directory)).toEqual({ fixed: 'unchanged', always: 'ran', grow: 'ran' });
    expect(readFileSync(join(repository.directory, 'log.txt'), 'utf8')).toBe('x\nx\n');
  });
});

describe('a repository that DVC has run', () => {
  it('is up to date where dvc.lock and its sums say so', async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const listing = md5(`[{"md5": "${md5('3')}", "relpath": "n"}]`);
    const lock = (sum: string) => `schema: '2.0'
stages:
  count:
    cmd: wc -c < raw.txt > out/n
    deps: [{ path: raw.txt, hash: md5, md5: ${sum}, size: 3 }]
    params: { params.yaml: { unit: byte } }
    outs: [{ path: out, hash: md5, md5: ${listing}.dir, size: 1, nfiles: 1 }]
`;
    const texts = {
      'dvc.yaml': 'stages: { count: { cmd: wc -c < raw.txt > out/n, deps: [raw.txt], params: [unit], outs: [out] } }',
      'params.yaml': 'unit: byte',
      'raw.txt': 'abc',
      'out/n': '3',
    };
    using same = gitRepository({ ...texts, 'dvc.lock': lock(md5('abc')) });
    expect(await statuses(same.directory)).toEqual({ count: 'unchanged' });
    using other = gitRepository({ ...texts, 'dvc.lock': lock(md5('abd')) });
    expect(await statuses(other.directory, { dry: true })).toEqual({ count: 'not-run' });
  });
});

describe('a run that is killed', () => {
  it('never takes half an output for a whole one, and does not do again what was finished', async () => {
    using repository = gitRepository({
      ...files,
      'dvc.yaml': chain.replace('mkdir -p out &&', 'mkdir -p out && echo half > out/count && sleep 30 &&'),
    });
    const child = spawn(process.execPath, [cli, 'run'], { cwd: repository.directory, stdio: 'ignore' });
    for (let tries = 0; tries < 200 && !existsSync(join(repository.directory, 'out/count')); tries += 1)
      await pause(25);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    repository.write({ 'dvc.yaml': chain });
    expect(readFileSync(join(repository.directory, 'out/count'), 'utf8')).toBe('half\n');
    expect(await statuses(repository.directory)).toMatchObject({ clean: 'unchanged', count: 'ran' });
    expect(readFileSync(join(repository.directory, 'out/count'), 'utf8')).toBe('3\n');
  });

  it('takes its stages with it', async () => {
    using repository = gitRepository({
      'dvc.yaml': 'stages: { slow: { cmd: "echo $$ > pid; sleep 60", outs: [x] } }',
    });
    const child = spawn(process.execPath, [cli, 'run'], { cwd: repository.directory, stdio: 'ignore' });
    const file = join(repository.directory, 'pid');
    for (let tries = 0; tries < 200 && !existsSync(file); tries += 1) await pause(25);
    await pause(50);
    const stage = Number(readFileSync(file, 'utf8'));
    child.kill('SIGKILL');
    const isThere = () => {
      try {
        process.kill(stage, 0);
        return true;
      } catch {
        return false;
      }
    };
    for (let tries = 0; tries < 100 && isThere(); tries += 1) await pause(25);
    expect(isThere()).toBe(false);
  });
});

describe('training that reports', () => {
  const program = (body: string) => `
const fs = require('node:fs');
const { PULLTRAIN_PROGRESS: progress, PULLTRAIN_STOP: stop, PULLTRAIN_CHECKPOINT: folder, PULLTRAIN_ATTEMPT } = process.env;
const say = (line) => fs.appendFileSync(progress, line + '\\n');
${body}`;
  const pipeline = (meta: string) =>
    `stages: { train: { cmd: node train.js, deps: [train.js], outs: [model], meta: { pulltrain: ${meta} } } }`;

  it('is asked to stop when it gets no better, and keeps its best model', async () => {
    using repository = gitRepository({
      'dvc.yaml': pipeline('{ stop: { metric: validation_loss, patience: 2 } }'),
      'train.js': program(`
let epoch = 0;
const timer = setInterval(() => {
  epoch += 1;
  if (epoch <= 4) say(JSON.stringify({ epoch, metrics: { validation_loss: [3, 1, 2, 2][epoch - 1] } }));
  if (!fs.existsSync(stop)) return;
  clearInterval(timer);
  fs.writeFileSync('model', 'best of 2');
}, 20);`),
    });
    const record = await run(repository.directory);
    expect(record.status).toBe('succeeded');
    expect(record.stages[0]?.progress).toEqual({
      points: [3, 1, 2, 2].map((value, index) => ({ at: index + 1, metrics: { validation_loss: value } })),
      stopped: { rule: 'patience', message: 'validation_loss has not been better than 1 since 2: 2 reports' },
    });
  });

  it('fails at once when its loss is no number', async () => {
    using repository = gitRepository({
      'dvc.yaml': pipeline('{}'),
      'train.js': program(`say('{"step": 7, "loss": NaN}'); setInterval(() => undefined, 1000);`),
    });
    expect((await run(repository.directory)).failure).toMatchObject({
      code: 'non-finite',
      message: expect.stringContaining('loss was not a finite number at 7'),
    });
  });

  it('goes on from its last whole checkpoint, also on another machine', async () => {
    using remote = temporaryDirectory();
    const texts = {
      'dvc.yaml': pipeline('{ checkpoint: state }'),
      'train.js': program(`
const seen = fs.readdirSync(folder);
if (PULLTRAIN_ATTEMPT === '2') { fs.writeFileSync('model', seen.map((name) => name + '=' + fs.readFileSync(folder + '/' + name)).join()); }
else {
  fs.writeFileSync(folder + '/weights', 'epoch 1');
  say('{"checkpoint": true}');
  setTimeout(() => { fs.writeFileSync(folder + '/half', 'hal'); }, 700);
  setTimeout(() => process.exit(1), 900);
}`),
    };
    using first = gitRepository(texts);
    expect((await run(first.directory, { remote: remote.path, cache: 'write' })).status).toBe('failed');
    using second = gitRepository(texts);
    const record = await run(second.directory, { remote: remote.path, cache: 'write' });
    expect(record.stages[0]).toMatchObject({ status: 'ran', attempt: 2 });
    expect(readFileSync(join(second.directory, 'model'), 'utf8')).toBe('weights=epoch 1');
  });
});

describe('bad input', () => {
  it('is told all at once, with lines', async () => {
    using repository = gitRepository({
      'dvc.yaml': `stages:
  a: { cmd: x, deps: [c.txt], outs: [a.txt] }
  b: { cmd: x, deps: [a.txt], outs: [c.txt] }
  c: { cmd: x, outs: [d] }
  e: { cmd: x, outs: [d/x] }
`,
    });
    await expect(run(repository.directory)).rejects.toMatchObject({
      faults: [
        { where: 'dvc.yaml:5:3', message: 'stage e: writes d/x, which overlaps d of stage c' },
        { where: 'dvc.yaml:2:3', message: 'stage a: depends on itself: a -> b -> a' },
      ],
    });
  });

  it('a second run in the same checkout is turned away', async () => {
    using repository = gitRepository({ 'dvc.yaml': 'stages: { slow: { cmd: sleep 0.5, outs: [x] } }' });
    const first = run(repository.directory);
    await pause(150);
    await expect(run(repository.directory)).rejects.toMatchObject({ code: 'busy' });
    await first;
    // One whose process is gone holds nobody up.
    writeFileSync(join(repository.directory, '.pulltrain/run.lock'), '999999 123\n');
    await expect(run(repository.directory)).resolves.toMatchObject({ failure: { code: 'missing-output' } });
  });
});
