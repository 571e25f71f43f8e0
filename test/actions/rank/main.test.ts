import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import { main } from '../../../actions/rank/main.ts';
import { parseEvent } from '../../../actions/rank/parse-event.ts';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { openCommitTree } from '../../../adapters/source-tree/open-commit-tree.ts';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';
import { selectModel } from '../../../pipelines/config/select-model.ts';
import type { Parameter, RunRecord } from '../../../pipelines/contracts/run-record.ts';
import { type SweepPlan, sweepResultSchema } from '../../../pipelines/contracts/sweep.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { makePlan } from '../../../pipelines/sweeps/make-plan.ts';
import { parseAsk } from '../../../pipelines/sweeps/parse-ask.ts';
import { computeRunKey } from '../../../pipelines/training/compute-run-key.ts';
import { overrideParameters } from '../../../pipelines/training/override-parameters.ts';
import { memoryLedger } from '../../fakes/memory-ledger.ts';
import { gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';
import { writeFlights } from '../../pipelines/evaluation/holdout.ts';

const good = buildLogisticModel({ inputs: ['hour'], weights: [0.3], bias: -3.6 });
const weak = buildLogisticModel({ inputs: ['distance'], weights: [0.001], bias: -0.5 });
const config = (validation: string, trees: readonly number[]) => `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date, window: { newest: month } }
    metrics: { primary: roc_auc }
    sweep: { space: { trees: [${trees.join(', ')}] }${validation} }
`;
const pipeline = `stages:
  train:
    cmd: node train.ts
    deps: [train.ts, data/train.parquet]
    params: [trees]
    outs: [out/model.onnx]
    metrics: [out/metrics.json]
`;

/** What a trial hands over: a model, a record with changes, or nothing. */
type Handed = {
  model?: Uint8Array;
  record?: Partial<RunRecord>;
  as?: number;
  files?: Record<string, Uint8Array>;
} | null;

async function openSweep({
  validation = ', validation: { data: data/validation.parquet }',
  trainedUntil = '2001-01-20',
  trees = [10, 20, 30],
} = {}) {
  const folder = temporaryDirectory();
  const at = (...parts: string[]) => join(folder.path, ...parts);
  await mkdir(at('temporary'));
  const tables = await openTables({ threads: 1 });
  const flights = await writeFlights(folder.path, tables, 'true');
  await tables.query(
    `COPY (SELECT DATE '${trainedUntil}' AS date, 1 AS hour) TO '${at('train.parquet')}' (FORMAT parquet)`,
  );
  tables.close();
  const pointer = (content: { integrity: string; size: number }) =>
    formatPointer({ kind: 'pointer', version: 1, ...content });
  const upstream = gitRepository({
    'pulltrain.yml': config(validation, trees),
    'dvc.yaml': pipeline,
    'params.yaml': 'trees: 10\n',
    'train.ts': 'train();\n',
    'data/validation.parquet.pointer.yml': pointer(await openLocalStore(at('holdout-store')).put(flights)),
    'data/train.parquet.pointer.yml': pointer(await openLocalStore(at('data-store')).put(at('train.parquet'))),
  });
  const base = upstream.commit('base');
  upstream.git('checkout', '--quiet', '-b', 'rates');
  upstream.write({ 'train.ts': 'train(better);\n' });
  const commit = upstream.commit('better');
  upstream.git('checkout', '--quiet', 'main');
  upstream.git(
    'clone',
    '--quiet',
    '--no-local',
    '--depth=1',
    '--branch=main',
    `file://${upstream.directory}`,
    at('checkout'),
  );

  const { name: model, model: policy } = selectModel(parseConfig(config(validation, trees), 'pulltrain.yml'));
  const plan: SweepPlan = makePlan({ model, config: policy }, parseAsk([]), {
    commit,
    pull: { number: 2, headRef: 'rates', issuedBy: 'maya', comment: 55 },
  });
  const ledger = memoryLedger();
  await ledger.write([{ path: 'sweeps/2/55/plan.json', document: plan }], 'plan');
  const artifacts = new Map<string, Uint8Array>();

  async function identityOf(parameters: Record<string, Parameter>) {
    await using tree = await openCommitTree(upstream.directory, commit);
    return await computeRunKey({ name: model, model: policy, tree: overrideParameters(tree, parameters) });
  }

  return {
    plan,
    async handOver(number: number, handed: Handed): Promise<void> {
      if (handed === null) return;
      const bytes = handed.model ?? good;
      const { key, sources } = await identityOf({ trees: (handed.as ?? number) * 10 });
      const record: RunRecord = {
        kind: 'run-record',
        version: 1,
        model,
        key,
        status: 'succeeded',
        failure: null,
        code: { sha: commit, clean: false },
        stages: [],
        parameters: { trees: number * 10 },
        sources,
        modelFile: {
          path: 'model.onnx',
          sha256: createHash('sha256').update(bytes).digest('hex'),
          integrity: integrityOf(bytes),
          size: bytes.length,
        },
        reportedMetrics: { validation_roc_auc: number / 10 },
        environment: { os: 'linux', arch: 'x64', node: '24', gpu: null },
        startedAt: '2026-11-21T01:00:00Z',
        finishedAt: '2026-11-21T01:00:10Z',
        ...handed.record,
      };
      const files = { 'model.onnx': bytes, 'run-record.json': strToU8(JSON.stringify(record)), ...handed.files };
      artifacts.set(`pulltrain-trial-${number}`, zipSync(files));
    },
    async rank({ branch = 'rates', id = '2-55', rung = 1 } = {}) {
      const said: string[] = [];
      const ranked = await main(
        {
          owner: 'acme',
          repo: 'flight-delays',
          run: { runId: 12, branch, id, rung },
          config: 'pulltrain.yml',
          dataRemote: at('data-store'),
          holdoutRemote: at('holdout-store'),
          checkout: at('checkout'),
          commit: base,
          temporary: at('temporary'),
          token: '',
        },
        {
          github: serving(artifacts),
          ledger,
          clock: { now: () => new Date('2026-11-21T02:00:00Z') },
          say: (line) => void said.push(line),
        },
      );
      return { result: ranked === null ? null : sweepResultSchema.parse(ranked.result), said };
    },
    [Symbol.dispose]() {
      upstream[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

function serving(artifacts: ReadonlyMap<string, Uint8Array>): Octokit {
  const octokit = new Octokit();
  octokit.hook.wrap('request', async (_, options) => {
    const names = [...artifacts.keys()];
    const listed = options.url.endsWith('/artifacts');
    const found = listed ? names.filter((name) => name === options.name) : [names[Number(options.artifact_id)] ?? ''];
    const data = listed
      ? { artifacts: found.map((name) => ({ id: names.indexOf(name), name, size_in_bytes: 1000, expired: false })) }
      : Uint8Array.from(artifacts.get(found[0] ?? '') ?? []).buffer;
    return { status: 200, url: options.url, headers: {}, data };
  });
  return octokit;
}

const facts = (result: Awaited<ReturnType<Awaited<ReturnType<typeof openSweep>>['rank']>>['result']) =>
  result?.trials.map(({ number, rank, status }) => [number, rank, status]);

describe('trials', () => {
  it('are ranked by what was measured here, whatever they reported', async () => {
    using sweep = await openSweep();
    await sweep.handOver(1, { model: good });
    await sweep.handOver(2, { model: weak });
    await sweep.handOver(3, { model: weak, record: { reportedMetrics: { roc_auc: 0.999 } } });
    const { result } = await sweep.rank();
    expect(result).toMatchObject({ sweep: '2-55', basis: 'verified', metric: 'roc_auc', winner: 1, rungs: 1 });
    expect(facts(result)).toEqual([
      [1, 1, 'ranked'],
      [2, 2, 'ranked'],
      [3, 3, 'ranked'],
    ]);
    expect(result?.trials[1]?.value).toBe(result?.trials[2]?.value);
    expect(result?.trials[0]?.interval).toMatchObject({ level: 0.95 });
  });

  it('are ranked by what they reported where policy declares no rows, and it is said', async () => {
    using sweep = await openSweep({ validation: '' });
    for (const number of [1, 2, 3]) await sweep.handOver(number, {});
    const { result } = await sweep.rank();
    expect(result).toMatchObject({ basis: 'reported', winner: 3 });
    expect(result?.trials[0]).toMatchObject({ value: 0.3, interval: null });
  });

  it('are not ranked when they are not what was asked for, and the others are', async () => {
    using sweep = await openSweep({ trees: [10, 20, 30, 40, 50, 60, 70, 80, 90] });
    const failure = { code: 'stage-failed', stage: null, message: 'out of memory' } as const;
    await sweep.handOver(1, {});
    await sweep.handOver(2, { as: 1 });
    await sweep.handOver(3, { record: { status: 'failed', failure } });
    await sweep.handOver(5, { model: strToU8('GIF89a') });
    await sweep.handOver(6, { record: { model: 'other' } });
    await sweep.handOver(7, { files: { 'evil.sh': strToU8('#!') } });
    await sweep.handOver(8, { record: { sources: [] } });
    await sweep.handOver(9, { model: weak });
    const { result } = await sweep.rank();
    expect(result?.trials.map(({ number, rank, status, note }) => [number, rank, status, note])).toEqual([
      [1, 1, 'ranked', ''],
      [9, 2, 'ranked', ''],
      [2, null, 'refused', expect.stringContaining('other inputs')],
      [3, null, 'failed', expect.stringContaining('out of memory')],
      [4, null, 'missing', expect.stringContaining('no artifact')],
      [5, null, 'refused', expect.stringContaining('ONNX')],
      [6, null, 'refused', expect.stringContaining('model other')],
      [7, null, 'refused', expect.stringContaining('evil.sh')],
      [8, null, 'refused', expect.stringContaining('other data')],
    ]);
  });

  it('are not ranked when they were trained on the rows that rank', async () => {
    using sweep = await openSweep({ trainedUntil: '2001-04-10' });
    for (const number of [1, 2, 3]) await sweep.handOver(number, {});
    const { result } = await sweep.rank();
    expect(result?.winner).toBeNull();
    expect(result?.trials.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
    expect(result?.trials[0]?.note).toContain('data/train.parquet');
  });
});

describe('a run', () => {
  it('of another branch, of a sweep that nobody asked for, or before its turn is not ranked', async () => {
    using sweep = await openSweep();
    for (const run of [{ branch: 'somebody' }, { id: '2-56' }, { rung: 2 }]) {
      const { result, said } = await sweep.rank(run);
      expect(result).toBeNull();
      expect(said.join()).toContain('Nobody asked');
    }
  });

  const event = (change: Record<string, unknown> = {}) => ({
    workflow_run: {
      id: 9,
      event: 'workflow_dispatch',
      head_branch: 'rates',
      display_title: 'Sweep 2-55 rung 1',
      ...change,
    },
  });

  test('is named by its title', () => {
    expect(parseEvent(event())).toEqual({ runId: 9, branch: 'rates', id: '2-55', rung: 1 });
  });

  test.each([
    { display_title: 'Sweep 2-55 rung 1 and more' },
    { display_title: 'Sweep ../2-55 rung 1' },
    { display_title: 'Sweep 2-55 rung 0' },
    { event: 'push' },
    { head_branch: null },
  ])('with %j is none of a sweep', (change) => {
    expect(() => parseEvent(event(change))).toThrow(expect.objectContaining({ code: 'event-unsuited' }));
  });
});
