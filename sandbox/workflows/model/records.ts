import type { Actor, RepositoryName } from '../../github/kernel.ts';
import type { JsonObject } from '../expressions/json.ts';
import type { JobDefinition, Workflow } from './workflow.ts';

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';
type JobStatus = 'waiting' | 'queued' | 'in_progress' | 'completed';

export type StepRecord = {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
};

export type Annotation = {
  level: 'failure' | 'warning' | 'notice';
  message: string;
  title: string;
  path: string;
  startLine: number;
  endLine: number;
};

type LogLine = { step: number; at: string; text: string };

export type JobRecord = {
  id: number;
  /** The job's key in the workflow file. */
  key: string;
  name: string;
  definition: JobDefinition;
  matrix: JsonObject | null;
  strategy: { failFast: boolean; index: number; total: number; maxParallel: number };
  status: JobStatus;
  conclusion: Conclusion | null;
  continueOnError: boolean;
  timeoutMinutes: number;
  labels: string[];
  runner: { id: number; name: string } | null;
  environment: { name: string; url: string | null; isDeployment: boolean } | null;
  steps: StepRecord[];
  log: LogLine[];
  summaries: { step: number; text: string }[];
  annotations: Annotation[];
  outputs: Record<string, string>;
  checkId: number | null;
  /** Held until the job is completed. */
  concurrencyGroup: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
};

/** What an event says about the commit a run is for. */
export type Trigger = {
  event: string;
  action: string | null;
  /** `github.sha` and `github.ref`. */
  sha: string;
  ref: string;
  /** The commit and branch a run is listed under: of a pull request its head, not the merge commit. */
  headSha: string;
  headBranch: string | null;
  baseRef: string;
  headRef: string;
  isFork: boolean;
  displayTitle: string;
  payload: JsonObject;
  inputs: JsonObject;
  /** Commits between which changed paths are looked up; null when the event has no paths. */
  changes: { from: string; to: string; fromMergeBase: boolean } | null;
  /** Number of `workflow_run` links behind this event. */
  depth: number;
};

export type RunRecord = {
  id: number;
  number: number;
  attempt: number;
  repository: RepositoryName;
  workflow: Workflow;
  workflowId: number;
  trigger: Trigger;
  actor: Actor;
  displayTitle: string;
  headCommit: HeadCommit | null;
  status: 'pending' | 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  isCancelled: boolean;
  /** Held until the run is completed. */
  concurrencyGroup: string | null;
  /** Jobs of the file that have not been expanded into job records yet. */
  unexpanded: Set<string>;
  jobs: JobRecord[];
  artifacts: ArtifactRecord[];
  annotations: Annotation[];
  createdAt: string;
  updatedAt: string;
};

export type ArtifactRecord = {
  id: number;
  runId: number;
  name: string;
  size: number;
  /** `sha256:` and hex. */
  digest: string;
  /** False when the one file lies there as it is, and not in a zip. */
  archived: boolean;
  file: string;
  createdAt: string;
  expiresAt: string;
};

/** A commit in the short form that runs carry. */
export type HeadCommit = {
  id: string;
  tree_id: string;
  message: string;
  timestamp: string;
  author: { name: string; email: string };
  committer: { name: string; email: string };
};
