import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../actions/monitor/main.ts';
import { openStore } from '../../../adapters/content-store/open-store.ts';
import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import { type ModelConfig, modelSchema } from '../../../pipelines/config/schema.ts';
import { driftReportSchema } from '../../../pipelines/contracts/drift-report.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { referenceProfile, rowsSql, writeLog, writeReference } from '../../pipelines/monitoring/watched-model.ts';

let folder: string;
let profile: string;
const kept = { ...process.env };
beforeEach(async () => {
  nock.disableNetConnect();
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-monitor-'));
  process.env.GITHUB_OUTPUT = join(folder, 'output');
  process.env.GITHUB_STEP_SUMMARY = join(folder, 'summary.md');
  for (const file of ['output', 'summary.md']) await writeFile(join(folder, file), '');
  await mkdir(join(folder, 'checkout', 'data'), { recursive: true });
  await mkdir(join(folder, 'log', 'late'), { recursive: true });
  const tables = await openTables();
  profile = JSON.stringify(await referenceProfile(await writeReference(folder, tables), tables));
  await writeLog(join(folder, 'log', 'late', 'hour.jsonl'), rowsSql('2001-04-01', 10, { shift: 0.3 }), tables);
  const labels = join(folder, 'labels.parquet');
  await tables.query(`COPY (SELECT id, label FROM (${rowsSql('2001-04-01', 10, { shift: 0.3 })})) TO '${labels}'`);
  tables.close();
  const stored = await openStore(join(folder, 'store')).put(labels);
  const pointer = formatPointer({ kind: 'pointer', version: 1, ...stored });
  await writeFile(join(folder, 'checkout', 'data', 'labels.parquet.pointer.yml'), pointer);
});
afterEach(async () => {
  process.env = { ...kept };
  nock.cleanAll();
  nock.enableNetConnect();
  await rm(folder, { recursive: true });
});

const model = (monitor: object | undefined): ModelConfig =>
  modelSchema.parse({
    task: 'binary',
    output: 'out/model.onnx',
    holdout: { data: 'data/holdout.parquet', target: 'label', time: 'date' },
    metrics: { primary: 'roc_auc' },
    ...(monitor === undefined ? {} : { monitor }),
  });
const watched = { window: '5d', time: 'date', labels: { data: 'data/labels.parquet', join: 'id' } };

/** What the ledger says is live, and the file of its release. */
function answerWith(records: unknown[], asset: string = profile): void {
  const api = nock('https://api.github.com').persist();
  const [record] = records;
  const path = '/repos/acme/late/contents/live%2Flate%2Fproduction.json';
  const content = Buffer.from(JSON.stringify(record ?? null)).toString('base64');
  api
    .get(path)
    .query({ ref: 'refs/heads/ledger' })
    .reply(record === undefined ? 404 : 200, { type: 'file', encoding: 'base64', content });
  const digest = `sha256:${createHash('sha256').update(profile).digest('hex')}`;
  api.get('/repos/acme/late/releases/tags/late%40v1.1.0').reply(200, {
    assets: [{ id: 8, name: 'profile.json', size: asset.length, digest }],
  });
  api.get('/repos/acme/late/releases/assets/8').reply(200, Buffer.from(asset), {
    'content-type': 'application/octet-stream',
  });
}

const live = {
  kind: 'deployment-record',
  version: 1,
  repository: 'acme/late',
  environment: 'production',
  deployment: 3,
  model: 'late',
  release: '1.1.0',
  tag: 'late@v1.1.0',
  sha256: 'd'.repeat(64),
  commit: 'c'.repeat(40),
  outcome: 'success',
  reason: 'late@v1.1.0 serves production',
  at: '2026-11-20T00:00:00Z',
};

function monitor(policy: ModelConfig, inputs: { logs?: string; labelsRemote?: string } = {}): Promise<void> {
  return main(
    {
      name: 'late',
      model: policy,
      environment: 'production',
      logs: join(folder, 'log'),
      labelsRemote: join(folder, 'store'),
      ...inputs,
    },
    {
      github: new Octokit({ log: { debug() {}, info() {}, warn() {}, error() {} } }),
      repository: { owner: 'acme', repo: 'late' },
      directory: join(folder, 'checkout'),
      temporary: join(folder, 'temporary'),
      summarize: true,
      clock: { now: () => new Date('2026-11-21T00:00:00Z') },
    },
  );
}

describe('the monitor action', () => {
  it('hands over a report of the live release, and does not fail the job for drift', async () => {
    answerWith([live]);
    await monitor(model(watched));
    const directory = join(folder, 'temporary', 'pulltrain-drift', 'late');
    const report = driftReportSchema.parse(JSON.parse(await readFile(join(directory, 'drift-report.json'), 'utf8')));
    expect(report).toMatchObject({
      repository: 'acme/late',
      release: '1.1.0',
      environment: 'production',
      status: 'fail',
      rows: 1000,
      labelled: 1000,
    });
    const output = await readFile(join(folder, 'output'), 'utf8');
    expect(output).toContain(directory);
    expect(output).toMatch(/\nfail\n/);
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('rate is distributed otherwise');
  });

  it.each([
    ['nothing is live', [], watched, {}, 'nothing-live'],
    ['the policy watches nothing', [live], undefined, {}, 'monitor-missing'],
    ['the labels have no store', [live], watched, { labelsRemote: '' }, 'labels-remote-missing'],
    [
      'the pointer of the labels is missing',
      [live],
      { ...watched, labels: { data: 'x.parquet', join: 'id' } },
      {},
      'pointer-missing',
    ],
    ['the log is not there', [live], watched, { logs: 'nowhere' }, 'log-missing'],
  ] as const)('says so when %s', async (_, deployments, policy, inputs, code) => {
    answerWith([...deployments]);
    await expect(monitor(model(policy), inputs)).rejects.toMatchObject({ code });
  });

  it('refuses a profile whose bytes are not the released ones', async () => {
    answerWith([live], profile.replace('12000', '12001'));
    await expect(monitor(model(watched))).rejects.toMatchObject({ code: 'asset-corrupt' });
  });
});
