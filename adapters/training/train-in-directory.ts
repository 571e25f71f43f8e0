import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import { selectModel } from '../../pipelines/config/select-model.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';
import { train } from '../../pipelines/training/train.ts';
import type { StageOutcome } from '../../pipelines/training/training-ports.ts';
import { openStore } from '../content-store/open-store.ts';
import { headSha } from '../git/head-sha.ts';
import { isClean } from '../git/is-clean.ts';
import { describeMachine } from '../process/describe-machine.ts';
import { provideCommand } from '../process/provide-command.ts';
import { runStage } from '../process/run-stage.ts';
import { stageEnvironment } from '../process/stage-environment.ts';
import { openCommitTree } from '../source-tree/open-commit-tree.ts';
import { openDirectoryTree } from '../source-tree/open-directory-tree.ts';
import { openHandOver } from '../workspace/open-hand-over.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';

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
};

/** Hears of the run while it goes on. */
export type TrainingObserver = {
  progress(line: string): void;
  stageStarted(stage: string): void;
  /** What the training program writes; text of a stranger. */
  line(text: string): void;
  stageEnded(stage: string, outcome: StageOutcome): void;
};

type Surroundings = {
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  observer: TrainingObserver;
  signal?: AbortSignal;
  /** The file behind the command `pulltrain`, which stages then find on their PATH. */
  command?: string;
};

/**
 * Trains one model in a checkout and leaves `model.onnx`, `run-record.json` and `logs/` in `out`, also when it fails. The
 * run is named after the commit when no tracked file differs from it, else after the files as they lie.
 */
export async function trainInDirectory(request: TrainingRequest, surroundings: Surroundings): Promise<RunRecord> {
  const { clock, environment, observer, signal } = surroundings;
  const directory = resolve(request.directory);
  const config = parseConfig(await readConfig(join(directory, request.config), request.config), request.config);
  const { name, model } = selectModel(config, request.model);
  const remote = request.dataRemote === '' ? (config.data.remote ?? '') : request.dataRemote;
  const store = remote === '' ? null : openStore(remote);
  const [sha, clean, machine] = await Promise.all([headSha(directory), isClean(directory), describeMachine()]);

  await using tree: SourceTree & AsyncDisposable = clean
    ? await openCommitTree(directory, sha)
    : { ...(await openDirectoryTree(directory)), [Symbol.asyncDispose]: async () => undefined };
  const own = surroundings.command === undefined ? null : await provideCommand(directory, surroundings.command);
  const handOver = openHandOver(request.out, directory);
  try {
    return await train(
      { name, model, code: { sha, clean }, environment: machine },
      {
        clock,
        tree,
        workspace: openWorkspace(directory),
        store,
        handOver,
        progress: observer.progress,
        async runStage(stage, seconds) {
          observer.stageStarted(stage.name);
          const outcome = await runStage({
            commands: stage.commands,
            directory: join(directory, stage.directory),
            environment: stageEnvironment(environment, own),
            logFile: join(handOver.logs, `${stage.name.replace(/[^\w.@-]/g, '_')}.log`),
            seconds,
            onLine: observer.line,
            ...(signal === undefined ? {} : { signal }),
          });
          observer.stageEnded(stage.name, outcome);
          return outcome;
        },
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
