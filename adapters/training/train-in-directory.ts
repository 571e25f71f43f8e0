import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import { selectModel } from '../../pipelines/config/select-model.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import { train } from '../../pipelines/training/train.ts';
import { openStore } from '../content-store/open-store.ts';
import { openDvcPuller } from '../dvc/open-dvc-puller.ts';
import { headSha } from '../git/head-sha.ts';
import { isClean } from '../git/is-clean.ts';
import { describeMachine } from '../process/describe-machine.ts';
import { holdLock } from '../process/hold-lock.ts';
import { stageEnvironment } from '../process/stage-environment.ts';
import { openCommitTree } from '../source-tree/open-commit-tree.ts';
import { openDirectoryTree } from '../source-tree/open-directory-tree.ts';
import { openHandOver } from '../workspace/open-hand-over.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { type CacheUse, openPipelinePorts, type PipelineSurroundings } from './open-pipeline-ports.ts';
import { validateSources } from './validate-sources.ts';

export type TrainingRequest = {
  /** Root of the checkout. */
  directory: string;
  /** Path of `pulltrain.yml` in it. */
  config: string;
  /** '' for the only one. */
  model: string;
  /** '' for the one in the configuration, if any. */
  dataRemote: string;
  /** Where the run is left; a run of earlier is replaced. */
  out: string;
  /** Stages at a time; one for each core when left out. */
  jobs?: number | undefined;
  /** Run every stage, whatever is known of earlier runs. */
  force?: boolean;
  /** `read` when left out. */
  cache?: CacheUse;
  /** Name of the run on this machine, and the command line that asked for it. */
  id?: string;
  invocation?: string;
};

/**
 * Trains one model in a checkout and leaves `model.onnx`, `run-record.json` and `logs/` in `out`, also when it fails. The
 * run is named after the commit when no tracked file differs from it, else after the files as they lie.
 */
export async function trainInDirectory(
  request: TrainingRequest,
  surroundings: PipelineSurroundings,
): Promise<RunRecord> {
  const { clock, environment, observer, signal } = surroundings;
  const directory = resolve(request.directory);
  const config = parseConfig(await readConfig(join(directory, request.config), request.config), request.config);
  const { name, model } = selectModel(config, request.model);
  const remote = request.dataRemote === '' ? (config.data.remote ?? '') : request.dataRemote;
  const store = remote === '' ? null : openStore(remote, environment);
  const [sha, clean] = await Promise.all([headSha(directory), isClean(directory)]);

  await using tree: SourceTree & AsyncDisposable = clean
    ? await openCommitTree(directory, sha)
    : { ...(await openDirectoryTree(directory)), [Symbol.asyncDispose]: async () => undefined };
  await using _ = await holdLock(join(directory, '.pulltrain', 'run.lock'), 'a run');
  const handOver = openHandOver(request.out, directory);
  const { jobs = availableParallelism(), force = false, cache = 'read', id, invocation } = request;
  try {
    return await train(
      {
        name,
        model,
        code: { sha, clean },
        jobs,
        force,
        ...(id === undefined ? {} : { id }),
        ...(invocation === undefined ? {} : { invocation }),
        ...(signal === undefined ? {} : { signal }),
      },
      {
        clock,
        tree,
        workspace: openWorkspace(directory),
        store,
        handOver,
        pullDvc: openDvcPuller(directory, environment),
        progress: observer.note,
        describeMachine: (commands) =>
          describeMachine({ directory, environment: stageEnvironment(environment), commands }),
        validate: (paths) =>
          validateSources({ directory, rules: config.data.validate, paths }, { clock, progress: observer.note }),
        pipeline: await openPipelinePorts({ directory, logs: handOver.logs, remote, cache }, surroundings),
      },
    );
  } finally {
    await handOver.discard();
  }
}

async function readConfig(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PulltrainError('config-missing', {
      what: 'there is no such configuration file',
      where: name,
      cure: 'Name it with the input or option config.',
      cause,
    });
  }
}
