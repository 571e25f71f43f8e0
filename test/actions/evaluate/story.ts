import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import nock from 'nock';
import type { EvaluateRequest } from '../../../actions/evaluate/main.ts';
import { openLocalStore } from '../../../adapters/content-store/open-local-store.ts';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { openDirectoryTree } from '../../../adapters/source-tree/open-directory-tree.ts';
import { runEntrySchema } from '../../../pipelines/contracts/judgement.ts';
import { modelManifestSchema } from '../../../pipelines/contracts/model-manifest.ts';
import type { RunRecord, Source } from '../../../pipelines/contracts/run-record.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { integrityOf, integrityOfDocument } from '../../../pipelines/integrity.ts';
import { judgementPath, runPath } from '../../../pipelines/publication/plan-judgement.ts';
import { computeRunKey } from '../../../pipelines/training/compute-run-key.ts';
import { type GitRepository, gitRepository, temporaryDirectory } from '../../fixtures/git-repository.ts';
import { buildLogisticModel } from '../../fixtures/onnx-model.ts';
import { flightsPolicy, writeFlights } from '../../pipelines/evaluation/holdout.ts';
import { judgementWith } from '../../reports/judgements.ts';

export const goodModel = buildLogisticModel({ inputs: ['hour'], weights: [0.3], bias: -3.6 });
export const weakModel = buildLogisticModel({ inputs: ['distance'], weights: [0.001], bias: -0.5 });

const goodConfig = `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date, window: { newest: month } }
    protected: [origin_region]
    metrics: { primary: roc_auc, also: [log_loss, brier, ece, accuracy] }
    gates:
      - { metric: roc_auc, noninferior: 0.002 }
      - { metric: accuracy, min: 0.5 }
`;
const pipeline = `stages:
  train:
    cmd: node train.ts
    deps: [train.ts, data/train.parquet]
    params: [trees]
    outs: [out/model.onnx]
`;

export type Story = AsyncDisposable & {
  request: EvaluateRequest;
  /** Writes what the training run handed over: this model, and a record with changes. */
  handOver(model: Uint8Array | string | null, changes?: Partial<RunRecord>): Promise<void>;
  /** Answers of the API for a pull request at this head, and for a release to compare with. */
  answer(options?: {
    head?: string;
    release?: Uint8Array | null;
    state?: string;
    into?: string;
    from?: string;
    fork?: string;
    /** False for a release that somebody made by hand. */
    judged?: boolean;
    /** Where the model to compare with is found; `release` is one whose run no commit near the base stands for. */
    rung?: 'merge-base' | 'ancestor' | 'release';
    /**
     * What there still is of it: a release; only the artifact of its training, with its bytes or with others; or not even
     * that, because it has expired.
     */
    kept?: 'release' | 'artifact' | 'other bytes' | 'nothing';
    /** Paths of records in the ledger besides. */
    records?: readonly string[];
  }): void;
};

/** A repository with a default branch and one pull request on a real git remote, a holdout in a real store. */
export async function startStory({
  trainedUntil = '2001-03-20',
  /** Bytes that the pointer of the training data claims. */
  claim = (size: number) => size,
  flights = 'true',
  /** Rows that come before the holdout, or all of those of the holdout with everything but their time. */
  learned = 'what came before',
  config = goodConfig,
  /** What the pull request makes of the configuration. */
  edit = (text: string) => text.replace('0.002', '0.9'),
} = {}): Promise<Story> {
  const folder = temporaryDirectory();
  const path = (...parts: string[]) => join(folder.path, ...parts);
  await mkdir(path('temporary'), { recursive: true });
  const tables = await openTables({ threads: 1 });
  const holdoutFile = await writeFlights(folder.path, tables, flights);
  await tables.query(
    `COPY (${learned === 'what came before' ? `SELECT DATE '${trainedUntil}' AS date, 1 AS hour` : `SELECT * EXCLUDE (date) FROM '${holdoutFile}'`}) TO '${path('train.parquet')}' (FORMAT parquet)`,
  );
  tables.close();
  const holdout = await openLocalStore(path('holdout-store')).put(holdoutFile);
  const training = await openLocalStore(path('data-store')).put(path('train.parquet'));
  const pointer = (content: { integrity: string; size: number }) =>
    formatPointer({ kind: 'pointer', version: 1, ...content });

  const upstream = gitRepository({
    'pulltrain.yml': config,
    'dvc.yaml': pipeline,
    'params.yaml': 'trees: 10\n',
    'train.ts': 'train();\n',
    'data/holdout.parquet.pointer.yml': pointer(holdout),
    'data/train.parquet.pointer.yml': pointer({ ...training, size: claim(training.size) }),
  });
  const keyed = async () =>
    computeRunKey({ name: 'flight-delay', model: flightsPolicy(), tree: await openDirectoryTree(upstream.directory) });
  upstream.commit('earlier');
  const earlier = await keyed();
  upstream.write({ 'train.ts': 'train(1);\n' });
  const base = upstream.commit('base');
  const present = await keyed();
  upstream.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  upstream.git('checkout', '--quiet', '-b', 'more-trees');
  upstream.write({ 'params.yaml': 'trees: 20\n', 'pulltrain.yml': edit(config) });
  const head = upstream.commit('more trees');
  upstream.git('checkout', '--quiet', '--detach', 'main');
  upstream.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'more-trees');
  upstream.git('update-ref', 'refs/pull/7/merge', 'HEAD');
  const { key, sources } = await keyed();
  upstream.git('checkout', '--quiet', 'main');
  upstream.git(
    'clone',
    '--quiet',
    '--no-local',
    '--depth=1',
    '--branch=main',
    `file://${upstream.directory}`,
    path('checkout'),
  );

  const api = () => nock('https://api.github.com');
  return {
    request: {
      owner: 'acme',
      repo: 'flight-delays',
      runId: 12,
      headSha: head,
      headRef: 'more-trees',
      headOwner: 'acme',
      config: 'pulltrain.yml',
      model: '',
      runDirectory: path('run'),
      dataRemote: path('data-store'),
      holdoutRemote: path('holdout-store'),
      checkout: path('checkout'),
      commit: base,
      temporary: path('temporary'),
      token: 'token',
    },
    async handOver(model, changes = {}) {
      rmSync(path('run'), { recursive: true, force: true });
      await mkdir(path('run'), { recursive: true });
      if (model !== null) await writeFile(path('run', 'model.onnx'), model);
      const bytes = Buffer.from(model ?? '');
      const record: RunRecord = {
        kind: 'run-record',
        version: 1,
        model: 'flight-delay',
        key,
        status: 'succeeded',
        failure: null,
        code: { sha: head, clean: true },
        stages: [],
        parameters: { trees: 20 },
        sources,
        modelFile:
          bytes.length === 0
            ? null
            : {
                path: 'model.onnx',
                sha256: createHash('sha256').update(bytes).digest('hex'),
                integrity: integrityOf(bytes),
                size: bytes.length,
              },
        reportedMetrics: { roc_auc: 0.99 },
        environment: { os: 'linux', arch: 'x64', node: '24', gpu: null },
        startedAt: '2026-11-21T01:00:00Z',
        finishedAt: '2026-11-21T01:00:10Z',
        ...changes,
      };
      writeFileSync(path('run', 'run-record.json'), JSON.stringify(record));
    },
    answer({
      head: at = head,
      release = null,
      state = 'open',
      into = 'main',
      from = 'more-trees',
      fork = 'acme',
      judged = true,
      rung = 'release',
      kept = 'release',
      records = [],
    } = {}) {
      const pull = {
        number: 7,
        state,
        title: 'More trees',
        user: { login: 'maya' },
        head: { sha: at, ref: from, repo: { owner: { login: fork } } },
        base: { sha: base, ref: into, repo: { full_name: 'acme/flight-delays', default_branch: 'main' } },
      };
      api().get(`/repos/acme/flight-delays/commits/${head}/pulls`).reply(200, [pull]);
      const tags =
        release === null || kept !== 'release'
          ? []
          : [{ ref: 'refs/tags/flight-delay@v1.0.0', object: { type: 'commit', sha: base } }];
      api()
        .get(/\/git\/matching-refs\//)
        .reply(200, tags);
      const ledger = Object.fromEntries(records.map((path) => [path, '{}']));
      if (release !== null && judged) {
        const of = { 'merge-base': present.key, ancestor: earlier.key, release: integrityOf('base key') }[rung];
        Object.assign(ledger, ledgerWith(release, of, sources));
        const target = { ref: 'main', repo: { default_branch: 'main' } };
        api()
          .get('/repos/acme/flight-delays/pulls/1')
          .reply(200, { merged: true, head: { sha: judgedHead }, base: target });
      }
      if (Object.keys(ledger).length > 0) commitLedger(upstream, ledger);
      if (release === null) return;
      if (kept === 'release') answerRelease(api, release, readFileSync(holdoutFile));
      else answerArtifact(api, { artifact: release, 'other bytes': goodModel, nothing: null }[kept]);
    },
    async [Symbol.asyncDispose]() {
      nock.cleanAll();
      upstream[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

const judgedHead = 'b'.repeat(40);

/** Paths and contents of a ledger with the run of a model, and nothing else. */
function ledgerWith(model: Uint8Array, key: string, sources: readonly Source[]): Record<string, string> {
  const sha256 = createHash('sha256').update(model).digest('hex');
  const { evaluated, ...rest } = judgementWith();
  const { headEvaluation, run } = evaluated;
  if (headEvaluation === null || run === null) throw new Error('the judgement lost its evaluation');
  const judgement = {
    ...rest,
    evaluated: {
      ...evaluated,
      headEvaluation: { ...headEvaluation, sha256 },
      run: { ...run, sources: [...sources] },
    },
  };
  const path = judgementPath('flight-delay', judgedHead);
  const entry = runEntrySchema.parse({
    kind: 'run-entry',
    version: 1,
    model: 'flight-delay',
    key,
    sha256,
    status: 'pass',
    artifact: { runId: 1, name: 'pulltrain-run' },
    evidence: { runId: 2, name: 'pulltrain-judgement' },
    judgement: { path, integrity: integrityOfDocument(judgement) },
    pull: 1,
    headSha: judgedHead,
    recordedAt: '2026-11-20T00:00:00Z',
  });
  return { [path]: JSON.stringify(judgement), [runPath(key, judgedHead)]: JSON.stringify(entry) };
}

function commitLedger(upstream: GitRepository, files: Record<string, string>): void {
  upstream.git('checkout', '--quiet', '--orphan', 'ledger');
  upstream.git('rm', '--quiet', '-rf', '.');
  upstream.write(files);
  upstream.commit('records');
  upstream.git('checkout', '--quiet', 'main');
}

/** The artifact of the training run with this model in it; expired when null. */
function answerArtifact(api: () => nock.Scope, model: Uint8Array | null): void {
  const zip = zipSync(model === null ? {} : { 'model.onnx': model, 'run-record.json': strToU8('{}') });
  const artifact = { id: 5, name: 'pulltrain-run', expired: model === null, size_in_bytes: zip.length };
  api()
    .get(/\/actions\/runs\/1\/artifacts/)
    .reply(200, { total_count: 1, artifacts: [artifact] });
  api()
    .get('/repos/acme/flight-delays/actions/artifacts/5/zip')
    .reply(200, Buffer.from(zip), { 'content-type': 'application/zip' });
}

function answerRelease(api: () => nock.Scope, model: Uint8Array, holdout: Uint8Array): void {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const manifest = modelManifestSchema.parse({
    kind: 'model-manifest',
    version: 1,
    model: 'flight-delay',
    release: '1.0.0',
    tag: 'flight-delay@v1.0.0',
    commit: 'c'.repeat(40),
    key: integrityOf('base key'),
    task: 'binary',
    threshold: 0.5,
    inputs: [],
    files: [{ name: 'model.onnx', role: 'model', sha256: sha256(model), size: model.length }],
    holdout: {
      data: 'data/holdout.parquet',
      dataIntegrity: integrityOf(holdout),
      rule: 'every labelled row',
      from: null,
      to: null,
      rows: 1,
      integrity: integrityOf('rows'),
    },
    sources: [],
    lineage: 'reported',
    verdict: 'pass',
    pull: 1,
    publishedAt: '2026-11-20T00:00:00Z',
  });
  const files = [
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) },
    { name: 'model.onnx', bytes: Buffer.from(model) },
  ];
  const assets = files.map(({ name, bytes }, index) => ({
    id: index + 1,
    name,
    size: bytes.length,
    digest: `sha256:${sha256(bytes)}`,
  }));
  api()
    .get(/\/releases\/tags\//)
    .times(2)
    .reply(200, { assets });
  for (const [index, { bytes }] of files.entries()) {
    api()
      .get(`/repos/acme/flight-delays/releases/assets/${index + 1}`)
      .reply(200, bytes, { 'content-type': 'application/octet-stream' });
  }
}
