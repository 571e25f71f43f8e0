import type { RunFailure, StageStatus } from '../contracts/run-record.ts';
import type { Content, StageOutput, StageRun } from '../contracts/stage-run.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProgressPoint } from './judge-progress.ts';
import type { Stage } from './stage.ts';
import type { StageOutcome } from './training-ports.ts';

/** The files of the checkout, by content. */
export type WorkingFiles = {
  /** What lies at a path, or null when there is nothing. A path outside of the repository may be asked for as well. */
  fingerprint(path: string): Promise<Content | null>;
  /** Removes what an earlier run left at these paths and makes the folders around them. */
  clear(paths: readonly string[]): Promise<void>;
  /** Makes the folders around these paths. */
  prepare(paths: readonly string[]): Promise<void>;
};

/** What is known of the outputs as they lie in the checkout. It survives a crash: what it says was finished was finished. */
export type StageMemory = {
  recall(stage: string): StageRun | null;
  remember(run: StageRun): Promise<void>;
  forget(stage: string): Promise<void>;
};

/** Finished stages of this machine or of others, by key. Nothing in it is trusted further than it was written by somebody. */
export type RunCache = {
  /** For messages. */
  readonly address: string;
  /** Whether `save` may be asked of it. */
  readonly writable: boolean;
  find(key: string): Promise<StageRun | null>;
  /** Puts the outputs in their places, verified; false when something is missing or damaged. */
  restore(run: StageRun): Promise<boolean>;
  /** Stores the outputs, then the run, and returns it with their names. With outputs in `local` it stays on this machine. */
  save(run: StageRun, local: readonly string[]): Promise<StageRun>;
};

export type StageCommand = {
  stage: Stage;
  key: string;
  /** Seconds left. */
  seconds: number;
  signal: AbortSignal | undefined;
};

export type PipelinePorts = {
  clock: Clock;
  /** Seconds on a clock that never goes back. */
  elapsed(): number;
  files: WorkingFiles;
  memory: StageMemory;
  /** Nearest first. */
  caches: readonly RunCache[];
  runStage(command: StageCommand): Promise<StageOutcome>;
  observer: PipelineObserver;
};

/** Hears of stages while they go on. */
export type PipelineObserver = {
  started(stage: Stage, done: number, all: number): void;
  ended(result: StageResult, done: number, all: number): void;
  /** What a stage reports of its training. */
  progress(stage: Stage, point: ProgressPoint): void;
  /** Something that does not end the run, such as a cache that cannot be written. */
  note(line: string): void;
};

/** What became of one stage. */
export type StageResult = {
  stage: Stage;
  status: StageStatus;
  /** Content key; null when it could not be known, because something it depends on is missing. */
  key: string | null;
  inputs: { path: string; fingerprint: string }[];
  outputs: StageOutput[];
  outcome: StageOutcome | null;
  seconds: number;
  startedAt: string | null;
  finishedAt: string | null;
  /** Why, in a sentence; null when all went well. */
  failure: { code: RunFailure['code']; message: string } | null;
  /** Why it ran, or where it was taken from. */
  reason: string;
};
