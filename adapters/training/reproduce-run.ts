import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { inputsOf } from '../../pipelines/runs/compare-runs.ts';
import { judgeReproduction, type Reproduction } from '../../pipelines/runs/judge-reproduction.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';
import { probeColumns } from '../../pipelines/runs/probe-columns.ts';
import { openStore } from '../content-store/open-store.ts';
import { withWorktree } from '../git/with-worktree.ts';
import { openScorer } from '../onnx/open-scorer.ts';
import { openWorkingFiles } from '../run-cache/open-working-files.ts';
import { openStatCache } from '../stat-cache/open-stat-cache.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import type { PipelineSurroundings } from './open-pipeline-ports.ts';
import { runInDirectory } from './run-in-directory.ts';
import { trainInDirectory } from './train-in-directory.ts';

export type ReproduceRequest = {
  directory: string;
  config: string;
  pipeline: string;
  dataRemote: string;
  tolerance: number;
  jobs: number | undefined;
};

/**
 * Runs a run again from its commit, in a checkout of its own, without any cache, and says how it came out. What git does not
 * have is taken from the data remote or, where the content is the same, from this checkout. Throws `run-not-in-git`.
 */
export async function reproduceRun(
  { record }: KnownRun,
  request: ReproduceRequest,
  surroundings: PipelineSurroundings,
): Promise<Reproduction & { record: RunRecord }> {
  const { code } = record;
  if (code === null) {
    throw new PulltrainError('run-not-in-git', {
      what: 'the run was made outside of git, so there is no commit to run it from',
      cure: 'Commit what it is made of, run it, and reproduce that run.',
    });
  }
  if (!code.clean)
    surroundings.observer.note('It was made with changes that were not committed; its commit may make another.');
  const directory = resolve(request.directory);
  return withWorktree(directory, code.sha, async (checkout) => {
    await bringInputs(record, directory, checkout);
    const again = await runAgain(record, checkout, request, surroundings);
    const scores = await scoreBoth(record, again, directory, join(checkout, '.pulltrain', 'run'));
    const judged = judgeReproduction(record, again, { tolerance: request.tolerance, scores });
    return { ...judged, record: again };
  });
}

function runAgain(
  record: RunRecord,
  checkout: string,
  { config, pipeline, dataRemote, jobs }: ReproduceRequest,
  surroundings: PipelineSurroundings,
): Promise<RunRecord> {
  const shared = { directory: checkout, jobs, force: true, cache: 'off' as const };
  if (record.model !== null) {
    const out = join(checkout, '.pulltrain', 'run');
    return trainInDirectory({ ...shared, config, model: record.model, dataRemote, out }, surroundings);
  }
  return runInDirectory(
    {
      ...shared,
      pipeline,
      all: false,
      targets: record.stages.map(({ name }) => name),
      single: true,
      dry: false,
      failFast: true,
      remote: dataRemote,
      logs: join(checkout, '.pulltrain', 'logs'),
      id: 'again',
      invocation: 'pulltrain reproduce',
    },
    surroundings,
  );
}

/** Copies inputs that the commit does not have from this checkout, when they are still what went in. */
async function bringInputs(record: RunRecord, from: string, to: string): Promise<void> {
  const cache = openStatCache(join(from, '.pulltrain', 'state.db'));
  try {
    const files = openWorkingFiles(from, openWorkspace(from), cache);
    for (const [path, integrity] of Object.entries(inputsOf(record))) {
      const target = join(to, path);
      if (path.startsWith('/') || path.startsWith('..') || (await stat(target).catch(() => null)) !== null) continue;
      const found = await files.fingerprint(path);
      if (found?.fingerprint !== integrity) continue;
      await mkdir(dirname(target), { recursive: true });
      await cp(join(from, path), target, { recursive: true });
    }
  } finally {
    cache.close();
  }
}

/** Scores of both models on the same made-up rows, when the bytes of the first are still known on this machine. */
async function scoreBoth(
  before: RunRecord,
  now: RunRecord,
  directory: string,
  out: string,
): Promise<{ left: Float64Array; right: Float64Array } | null> {
  const [first, second] = [before.modelFile, now.modelFile];
  if (first === null || second === null || first.sha256 === second.sha256) return null;
  const store = openStore(join(directory, '.pulltrain', 'cache'));
  if (!(await store.has(first.integrity))) return null;
  const kept = join(out, 'before.onnx');
  await store.get(first.integrity, kept);
  const scorer = await openScorer();
  const score = async (path: string) => {
    const model = await scorer.open(path);
    try {
      return (await model.score([probeColumns(model.description.inputs)], 'all')).values;
    } finally {
      await model.close();
    }
  };
  return { left: await score(kept), right: await score(join(out, second.path)) };
}
