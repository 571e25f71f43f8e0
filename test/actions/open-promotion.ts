import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import { zipSync } from 'fflate';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { openModelServer } from '../../adapters/model-server/open-model-server.ts';
import { type Judgement, judgementSchema, type RunEntry } from '../../pipelines/contracts/judgement.ts';
import type { Profile } from '../../pipelines/contracts/profile.ts';
import { integrityOf, integrityOfDocument } from '../../pipelines/integrity.ts';
import { runPath } from '../../pipelines/publication/plan-judgement.ts';
import { createServer } from '../../server/create-server.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';
import { judgementWith } from '../reports/judgements.ts';
import { openPlayground } from '../sandbox/github/open-playground.ts';

const token = 'a-control-token-of-thirty-two-chars';
const inputs = ['hour', 'distance'];
export const modelOf = (weight: number) => buildLogisticModel({ inputs, weights: [weight, 0.001], bias: -1 });

/** A judged run as the ledger and its artifacts have it. */
export type JudgedRun = {
  key: string;
  model: Uint8Array;
  status?: Judgement['verdict']['status'];
  tamper?: boolean;
  /** False for a pull request that nobody merged. */
  merged?: boolean;
};

/**
 * A local GitHub whose `main` has one commit, a model server, and runs that were judged. Only artifacts are not those of
 * the platform, which has no workflow runs here.
 */
export async function openPromotion() {
  const play = await openPlayground();
  const folder = join(play.directory, 'promotion');
  mkdirSync(folder);
  const commit = await (await play.clone('dana', 'work')).push('main', { 'a.txt': 'a\n' }, 'First');
  const ledger = openLedger(play.as('dana'), play.at);
  const artifacts = new Map<string, Uint8Array>();
  const pulls = new Map<number, { merged: boolean; headSha: string }>();
  let runs = 100;

  const server = await createServer(
    { name: 'production', data: join(folder, 'data'), log: join(folder, 'log'), token, onFault: () => undefined },
    { now: () => new Date() },
  );
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });

  return {
    ...play,
    commit,
    folder,
    ledger,
    /** GitHub as a job sees it that may do this much. */
    job(permissions: Parameters<typeof play.github.issueJobToken>[2]): Octokit {
      const octokit = play.withToken(play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, permissions));
      serveArtifacts(octokit, artifacts);
      servePulls(octokit, pulls);
      return octokit;
    },
    async judge({ key, model, status = 'pass', tamper = false, merged = true }: JudgedRun): Promise<RunEntry> {
      const sha256 = createHash('sha256').update(model).digest('hex');
      const judgement = judgementOf(key, sha256, status);
      const [runId, evidenceId] = [++runs, ++runs];
      const headSha = runId.toString(16).padStart(40, '0');
      const path = `judgements/flight-delay/${headSha}.json`;
      pulls.set(runId, { merged, headSha });
      const entry: RunEntry = {
        kind: 'run-entry',
        version: 1,
        model: 'flight-delay',
        key,
        sha256,
        status,
        artifact: { runId, name: 'pulltrain-run' },
        evidence: { runId: evidenceId, name: 'pulltrain-judgement' },
        judgement: { path, integrity: integrityOfDocument(judgement) },
        pull: runId,
        headSha,
        recordedAt: new Date(Date.UTC(2026, 10, 21, 1, 5, runs)).toISOString(),
      };
      await ledger.write(
        [
          { path, document: judgement },
          { path: runPath(key, headSha), document: entry },
        ],
        'Record',
      );
      const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
      artifacts.set(`${runId}`, zipSync({ 'model.onnx': tamper ? modelOf(9) : model, 'run-record.json': bytes({}) }));
      artifacts.set(
        `${evidenceId}`,
        zipSync({ 'judgement.json': bytes(judgement), 'comment.md': bytes(''), 'profile.json': bytes(profile) }),
      );
      return entry;
    },
    server: openModelServer({ url, token, model: 'flight-delay' }),
    url,
    /** Rows are answered until `stop`, a few at a time. */
    replay: () => replay(url),
    async [Symbol.asyncDispose]() {
      await server.close();
      await play[Symbol.asyncDispose]();
    },
  };
}

export const keyOf = (text: string): string => integrityOf(text);

const profile: Profile = {
  kind: 'profile',
  version: 1,
  model: 'flight-delay',
  rows: 3000,
  from: null,
  to: null,
  columns: [
    {
      type: 'numeric',
      name: 'hour',
      missing: 0,
      mean: 12,
      std: 6,
      edges: [0, 6, 12, 18, 23],
      counts: [0, 1, 1, 1, 1, 1],
    },
    { type: 'numeric', name: 'distance', missing: 0, mean: 500, std: 300, edges: [500], counts: [1, 1] },
  ],
  score: { type: 'numeric', name: 'score', missing: 0, mean: 0.5, std: 0.1, edges: [0.5], counts: [1, 1] },
  labelMean: 0.2,
  quality: null,
  thresholds: {},
  chunks: 0,
};

function judgementOf(key: string, sha256: string, status: Judgement['verdict']['status']): Judgement {
  const drawn = judgementWith();
  const { evaluated } = drawn;
  return judgementSchema.parse({
    ...drawn,
    evaluated: {
      ...evaluated,
      key,
      headEvaluation: evaluated.headEvaluation === null ? null : { ...evaluated.headEvaluation, sha256 },
    },
    verdict: { ...drawn.verdict, status },
  });
}

function servePulls(octokit: Octokit, pulls: ReadonlyMap<number, { merged: boolean; headSha: string }>): void {
  octokit.hook.wrap('request', async (request, options) => {
    if (options.url !== '/repos/{owner}/{repo}/pulls/{pull_number}') return request(options);
    const pull = pulls.get(Number(options.pull_number));
    const base = { ref: 'main', repo: { default_branch: 'main' } };
    const data = { merged: pull?.merged, head: { sha: pull?.headSha }, base };
    return { status: 200, url: options.url, headers: {}, data };
  });
}

function serveArtifacts(octokit: Octokit, artifacts: ReadonlyMap<string, Uint8Array>): void {
  octokit.hook.wrap('request', async (request, options) => {
    const listed = options.url === '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts';
    const fetched = options.url === '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}';
    if (!listed && !fetched) return request(options);
    const id = String(listed ? options.run_id : options.artifact_id);
    const zip = artifacts.get(id);
    const digest = `sha256:${createHash('sha256')
      .update(zip ?? '')
      .digest('hex')}`;
    const artifact = { id: Number(id), name: options.name, size_in_bytes: zip?.length, expired: false, digest };
    const data = listed
      ? { total_count: 1, artifacts: zip === undefined ? [] : [artifact] }
      : Uint8Array.from(zip ?? []).buffer;
    return { status: 200, url: options.url, headers: {}, data };
  });
}

function replay(url: string): { stop(): Promise<void> } {
  let stopped = false;
  let count = 0;
  const one = async () => {
    while (!stopped) {
      const key = `caller-${count++}`;
      const hours = Array.from({ length: 32 }, (_, row) => (count * 7 + row * 5) % 24);
      const column = (name: string, data: number[]) => ({ name, datatype: 'FP32', shape: [data.length, 1], data });
      await fetch(`${url}/v2/models/flight-delay/infer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          parameters: { routing_key: key },
          inputs: [
            column('hour', hours),
            column(
              'distance',
              hours.map((hour) => hour * 50),
            ),
          ],
        }),
      }).then((answer) => answer.arrayBuffer());
    }
  };
  const running = Promise.all([one(), one()]);
  return {
    async stop() {
      stopped = true;
      await running;
    },
  };
}
