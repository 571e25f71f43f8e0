import type { ModelFile, RunRecord, TrainingProgress } from '../contracts/run-record.ts';
import type { ValidationReport } from '../contracts/validation-report.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContentStore, StoredContent } from '../ports/content-store.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import type { PipelinePorts } from './pipeline-ports.ts';

/** How a stage ended; `exitCode` is null when it was killed. */
export type StageOutcome = {
  exitCode: number | null;
  timedOut: boolean;
  seconds: number;
  peakMemoryBytes: number | null;
  /** The last lines of its log, oldest first. */
  lastLines: string[];
  /** Where its log lies, relative to the record of the run. */
  log?: { path: string; integrity: string; size: number };
  progress?: TrainingProgress;
  /** From 1 on; above 1 when it went on from a checkpoint of a killed attempt. */
  attempt?: number;
};

/** The checkout in which stages run. Paths are relative to its root. */
export type Workspace = {
  exists(path: string): Promise<boolean>;
  /** Integrity of a file's bytes by the algorithm of `like`, of a directory its tree's; null when there is nothing. */
  integrity(path: string, like: string): Promise<string | null>;
  /** Text of a file of at most `largest` bytes, or null when it is absent or larger. */
  readText(path: string, largest: number): Promise<string | null>;
  /** Removes what an earlier run left at these paths and makes the folders around them. */
  clear(paths: readonly string[]): Promise<void>;
  /** Puts what is stored where the path says; throws as the store does. */
  place(content: StoredContent, path: string, store: ContentStore): Promise<void>;
};

/** Where the run is left for the next job: the model, the record and the logs, visible all at once. */
export type HandOver = {
  /** Copies the model in and returns what it is; throws `model-not-onnx` or `model-refused`. */
  takeModel(path: string): Promise<ModelFile>;
  finish(record: RunRecord): Promise<void>;
};

export type TrainingPorts = {
  clock: Clock;
  tree: SourceTree;
  workspace: Workspace;
  /** Null when no data store is configured. */
  store: ContentStore | null;
  handOver: HandOver;
  /** Brings what DVC keeps at a path; true when something was placed. */
  pullDvc(path: string): Promise<boolean>;
  /** What the run is made on and with, as far as it matters to these commands. */
  describeMachine(commands: readonly string[]): Promise<RunRecord['environment']>;
  /** Brings the stages up to date. */
  pipeline: PipelinePorts;
  /** Holds the tables below these paths against the schemas that are declared for them. */
  validate(paths: readonly string[]): Promise<ValidationReport[]>;
  /** A line for the person who waits. */
  progress(line: string): void;
};
