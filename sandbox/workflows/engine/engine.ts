import type { Kernel, RepositoryName } from '../../github/kernel.ts';
import type { ArtifactRecord, JobRecord, RunRecord } from '../model/records.ts';
import type { Workflow } from '../model/workflow.ts';
import type { ConcurrencyGroups } from './concurrency-groups.ts';

/** A runner process that is connected. `take` hands it a job, `cancel` stops the one it has. */
export type Runner = {
  id: number;
  name: string;
  os: string;
  labels: string[];
  job: JobRecord | null;
  take(run: RunRecord, job: JobRecord): void;
  cancel(job: JobRecord): void;
};

/** A workflow as the platform knows it: an id per path, kept for ever, and what was last read from the file. */
export type KnownWorkflow = {
  id: number;
  repository: RepositoryName;
  workflow: Workflow;
  runs: number;
  createdAt: string;
};

/** Everything the engine remembers, in memory; log lines and artifacts' bytes lie in `directory`. */
export type Engine = {
  kernel: Kernel;
  directory: string;
  runs: Map<number, RunRecord>;
  jobs: Map<number, { run: RunRecord; job: JobRecord }>;
  workflows: Map<string, KnownWorkflow>;
  artifacts: Map<number, ArtifactRecord>;
  runners: Map<number, Runner>;
  /** Jobs that wait for a runner with their labels, oldest first. */
  queue: { run: RunRecord; job: JobRecord }[];
  groups: ConcurrencyGroups;
  /** Tokens of running jobs, by job id. */
  tokens: Map<number, string>;
  /** Deployments of jobs with an environment, by job id; each status waits for the one before it. */
  deployments: Map<number, Promise<number | null>>;
  onFault(message: string): void;
  /** Told after every change of a run, its jobs or their logs; pages follow it. */
  onChange(runId: number): void;
  /** An address for the bytes of an artifact or a job's log that needs no further credentials. */
  downloadUrl(kind: 'artifacts' | 'logs', id: number): string;
};

export function repositoryKey({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`.toLowerCase();
}

/** The platform's record of a workflow path, made at first sight. */
export function knowWorkflow(engine: Engine, repository: RepositoryName, workflow: Workflow): KnownWorkflow {
  const key = `${repositoryKey(repository)}:${workflow.path}`;
  const found = engine.workflows.get(key);
  if (found !== undefined) {
    found.workflow = workflow;
    return found;
  }
  const createdAt = engine.kernel.now().toISOString();
  const known: KnownWorkflow = { id: engine.kernel.nextId(), repository, workflow, runs: 0, createdAt };
  engine.workflows.set(key, known);
  return known;
}
