import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { integrityHex } from '../../pipelines/integrity.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import type { PipelineObserver, PipelinePorts, RunCache } from '../../pipelines/training/pipeline-ports.ts';
import type { StageOutcome } from '../../pipelines/training/training-ports.ts';
import { openLocalStore } from '../content-store/open-local-store.ts';
import { openStore } from '../content-store/open-store.ts';
import { provideCommand } from '../process/provide-command.ts';
import { runWatchedStage } from '../process/run-watched-stage.ts';
import { stageEnvironment } from '../process/stage-environment.ts';
import { openDirectoryRemote } from '../remotes/open-directory-remote.ts';
import { openRemote } from '../remotes/open-remote.ts';
import { keepCheckpoints } from '../run-cache/keep-checkpoints.ts';
import { openCheckpoints } from '../run-cache/open-checkpoints.ts';
import { openRunCache } from '../run-cache/open-run-cache.ts';
import { openStageMemory } from '../run-cache/open-stage-memory.ts';
import { openWorkingFiles } from '../run-cache/open-working-files.ts';
import { openStatCache } from '../stat-cache/open-stat-cache.ts';
import { integrityOfFile } from '../workspace/integrity-of-file.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';

/** `off` neither reads nor writes any cache, so that everything runs; `write` shares what was made through the remote. */
export type CacheUse = 'off' | 'read' | 'write';

export type PipelinePlace = {
  /** Root of the checkout. */
  directory: string;
  /** Where the logs of stages go. */
  logs: string;
  /** Where others look for finished stages, or ''. */
  remote: string;
  /** Whether finished stages are looked for, and kept where others find them; on this machine they are always kept. */
  cache: CacheUse;
};

export type PipelineSurroundings = {
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  observer: PipelineObserver & {
    /** What a stage writes; text of a stranger. */
    line(stage: string, text: string): void;
  };
  signal?: AbortSignal;
  /** The file behind the command `pulltrain`, which stages then find on their PATH. */
  command?: string;
};

/** Everything that running stages in a checkout takes; `.pulltrain` in it holds what is remembered. */
export async function openPipelinePorts(
  { directory, logs, remote, cache }: PipelinePlace,
  { clock, environment, observer, signal, command }: PipelineSurroundings,
): Promise<PipelinePorts> {
  const own = join(directory, '.pulltrain');
  const files = openWorkingFiles(directory, openWorkspace(directory), openStatCache(join(own, 'state.db')));
  const commands = command === undefined ? null : await provideCommand(directory, command);
  const local = join(own, 'cache');
  const shared =
    cache === 'write' && remote !== ''
      ? [openCheckpoints({ entries: openRemote(remote, environment), store: openStore(remote, environment), clock })]
      : [];
  const caches: RunCache[] = [];
  if (cache !== 'off') {
    const place = { store: openLocalStore(local), directory, files, writable: true, own: true };
    caches.push(openRunCache({ entries: openDirectoryRemote(local), ...place }));
  }
  if (cache !== 'off' && remote !== '') {
    const place = { store: openStore(remote, environment), directory, files, writable: cache === 'write', own: false };
    caches.push(openRunCache({ entries: openRemote(remote, environment), ...place }));
  }
  return {
    clock,
    elapsed: () => performance.now() / 1000,
    files,
    memory: await openStageMemory(join(own, 'stages.jsonl')),
    caches,
    observer,
    async runStage({ stage, key, seconds }) {
      const logFile = join(logs, logName(stage.name));
      const place = join(directory, stage.directory);
      const { checkpoint } = stage.options;
      const folder = checkpoint === undefined ? null : join(place, checkpoint);
      const kept = join(own, 'checkpoints', integrityHex(key).slice(0, 32));
      const here = openCheckpoints({ entries: openDirectoryRemote(kept), store: openStore(kept), clock });
      const keeper = folder === null ? null : await keepCheckpoints(key, folder, [here, ...shared], observer.note);
      let ended = false;
      try {
        const process = {
          commands: stage.commands,
          directory: place,
          environment: {
            ...stageEnvironment(environment, commands),
            ...(folder === null ? {} : { PULLTRAIN_CHECKPOINT: folder, PULLTRAIN_ATTEMPT: String(keeper?.attempt) }),
          },
          logFile,
          seconds,
          onLine: (text: string) => observer.line(stage.name, text),
          ...(signal === undefined ? {} : { signal }),
        };
        const outcome = await runWatchedStage(process, stage.options, (line) => {
          if (line.point !== null) observer.progress(stage, line.point);
          if (line.checkpoint) keeper?.whole();
        });
        ended = outcome.exitCode === 0 && !outcome.timedOut;
        const attempt = keeper === null ? {} : { attempt: keeper.attempt };
        return { ...outcome, ...attempt, log: await describeLog(logFile) };
      } finally {
        await keeper?.end(ended);
        if (ended) await rm(kept, { recursive: true, force: true });
      }
    },
  };
}

async function describeLog(file: string): Promise<NonNullable<StageOutcome['log']>> {
  const [integrity, { size }] = await Promise.all([integrityOfFile(file), stat(file)]);
  return { path: `logs/${basename(file)}`, integrity, size };
}

/** File name of the log of a stage. */
function logName(stage: string): string {
  return `${stage.replace(/[^\w.@-]/g, '_').slice(0, 150)}.log`;
}
