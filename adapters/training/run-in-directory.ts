import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Parameter, RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import { collectMetrics } from '../../pipelines/training/collect-metrics.ts';
import { expandPipeline } from '../../pipelines/training/expand-pipeline.ts';
import { nameParameters } from '../../pipelines/training/name-parameters.ts';
import { planRun, type RunSelection } from '../../pipelines/training/plan-run.ts';
import { recordFeatures } from '../../pipelines/training/record-features.ts';
import { runPipeline } from '../../pipelines/training/run-pipeline.ts';
import { firstFailure, seedsOf, stageRecords } from '../../pipelines/training/stage-records.ts';
import { headSha } from '../git/head-sha.ts';
import { isClean } from '../git/is-clean.ts';
import { GitFailed } from '../git/run-git.ts';
import { describeMachine } from '../process/describe-machine.ts';
import { holdLock } from '../process/hold-lock.ts';
import { stageEnvironment } from '../process/stage-environment.ts';
import { openDirectoryTree } from '../source-tree/open-directory-tree.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { adoptDvcLock } from './adopt-dvc-lock.ts';
import { findPipelines } from './find-pipelines.ts';
import { type CacheUse, openPipelinePorts, type PipelineSurroundings } from './open-pipeline-ports.ts';

export type PipelineRequest = RunSelection & {
  /** Root of the checkout. */
  directory: string;
  /** The pipeline file whose stages are meant when no target is named. */
  pipeline: string;
  /** Stages of every pipeline file below the root are meant. */
  all: boolean;
  /** Parameters by dotted name, in place of those in the files. */
  overrides?: Readonly<Record<string, Parameter>>;
  jobs?: number | undefined;
  /** Say what would run, and run nothing. */
  dry: boolean;
  force: boolean;
  failFast: boolean;
  cache: CacheUse;
  remote: string;
  /** Where the logs go. */
  logs: string;
  id: string;
  invocation: string;
};

/**
 * Runs stages of the pipelines of a checkout, whether or not they make a model, and returns the record of it. Every
 * `dvc.yaml` below the root takes part in the graph; see `expandPipeline` for names.
 */
export async function runInDirectory(request: PipelineRequest, surroundings: PipelineSurroundings): Promise<RunRecord> {
  const directory = resolve(request.directory);
  const started = surroundings.clock.now().toISOString();
  const files = await pipelineFiles(directory, request);
  const [tree, code] = await Promise.all([openDirectoryTree(directory), codeOf(directory)]);
  const { stages, parameters } = await expandPipeline(tree, files, request.overrides);
  const own = request.all ? stages : stages.filter(({ place }) => place.startsWith(`${files[0]}:`));
  const targets = request.targets.length > 0 ? request.targets : own.map(({ name }) => name);
  const planned = planRun(stages, { ...request, targets }, files.join(', '));
  await using _ = await holdLock(join(directory, '.pulltrain', 'run.lock'), 'a run');
  const { logs, cache, remote } = request;
  const ports = await openPipelinePorts({ directory, logs, remote, cache }, surroundings);
  const machine = describeMachine({
    directory,
    environment: stageEnvironment(surroundings.environment),
    commands: planned.flatMap(({ commands }) => commands),
  });
  const adopted = request.force ? 0 : await adoptDvcLock(directory, planned, parameters, ports);
  if (adopted > 0) surroundings.observer.note(`${adopted} stages are what dvc.lock says`);
  const results = await runPipeline(
    {
      stages: planned,
      parameters,
      jobs: request.jobs ?? availableParallelism(),
      seconds: Number.POSITIVE_INFINITY,
      force: request.force,
      dry: request.dry,
      failFast: request.failFast,
      code,
      ...(surroundings.signal === undefined ? {} : { signal: surroundings.signal }),
    },
    ports,
  );
  const values = Object.fromEntries(
    planned.flatMap((stage) => nameParameters(parameters.get(stage.name) ?? {}, files[0] ?? '')),
  );
  const metrics = planned.flatMap((stage) => stage.metrics);
  const failure = firstFailure(results);
  const workspace = openWorkspace(directory);
  return {
    kind: 'run-record',
    version: 1,
    id: request.id,
    invocation: request.invocation,
    model: null,
    key: integrityOfDocument(results.map(({ key }) => key).sort()),
    status: failure === null ? 'succeeded' : 'failed',
    failure,
    code,
    stages: stageRecords(results),
    parameters: values,
    seeds: seedsOf(values),
    sources: [],
    features: await recordFeatures(planned, { tree, workspace }),
    modelFile: null,
    reportedMetrics: await collectMetrics(metrics, workspace),
    environment: await machine,
    startedAt: started,
    finishedAt: surroundings.clock.now().toISOString(),
  };
}

/** The file that is meant first, then all others, since its stages may depend on theirs. */
async function pipelineFiles(directory: string, { pipeline, all }: PipelineRequest): Promise<string[]> {
  const found = await findPipelines(directory);
  if (existsSync(join(directory, pipeline))) return [pipeline, ...found.filter((file) => file !== pipeline)];
  if (all && found.length > 0) return found;
  throw new PulltrainError('pipeline-missing', {
    what: 'there is no such pipeline file',
    where: pipeline,
    ...(found.length === 0 ? {} : { allowed: found.slice(0, 20).join(', ') }),
    cure:
      found.length === 0
        ? 'Write the stages down in dvc.yaml, or name another file with --pipeline.'
        : 'Name one with --pipeline, or run all of them with --all-pipelines.',
  });
}

/** Null outside of git, or before the first commit. */
async function codeOf(directory: string): Promise<RunRecord['code']> {
  try {
    const [sha, clean] = await Promise.all([headSha(directory), isClean(directory)]);
    return { sha, clean };
  } catch (thrown) {
    if (thrown instanceof GitFailed) return null;
    throw thrown;
  }
}
