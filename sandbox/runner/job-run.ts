import type { JsonObject } from '../workflows/expressions/json.ts';
import type { Annotation, StepRecord } from '../workflows/model/records.ts';
import type { JobMessage } from '../workflows/model/wire.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Masker } from './mask-secrets.ts';

export type Folders = { root: string; work: string; workspace: string; temp: string; home: string; tools: string };

/** The runner as the `runner` context and RUNNER_* show it. */
export type RunnerFacts = { name: string; os: string; arch: string; environment: 'self-hosted' | 'github-hosted' };

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped';
export type StepResult = { outputs: Record<string, string>; outcome: Outcome; conclusion: Outcome };

/** One list of steps being run: the job's, or a composite action's. */
export type Frame = {
  results: Map<string, StepResult>;
  hasFailed: boolean;
  /** Inputs of the composite action; null in the job's own list, whose inputs are the event's. */
  inputs: JsonObject | null;
  env: Record<string, string>;
  /** Set inside a composite action. */
  action: { folder: string; isOurs: boolean } | null;
};

/** Work for the end of the job, in reverse order of the steps that left it. */
type Post = { name: string; run(number: number, signal: AbortSignal): Promise<Outcome>; isWanted(): boolean };

/** A job being run, and the ways out of it; everything that leaves is masked. */
export type JobRun = {
  message: JobMessage;
  folders: Folders;
  facts: RunnerFacts;
  actionsRoot: string;
  carriedRoot: string;
  /** `env` of workflow and job plus what steps added by GITHUB_ENV. */
  env: Record<string, string>;
  /** Folders that steps put in front of PATH, latest first. */
  path: string[];
  masker: Masker;
  /** What a step's action saved in its `pre` program. */
  states: Map<Step, Record<string, string>>;
  posts: Post[];
  groups: Set<number>;
  isCancelled: boolean;
  hasFailed: boolean;
  log(step: number, text: string): void;
  report(step: StepRecord): void;
  annotate(annotation: Annotation): void;
  summarize(step: number, text: string): void;
};
