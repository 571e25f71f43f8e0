import { describeError } from '../../pipelines/describe-error.ts';
import type { Kernel, PlatformEvent, RepositoryName } from '../github/kernel.ts';
import { createConcurrencyGroups } from './engine/concurrency-groups.ts';
import type { Engine } from './engine/engine.ts';
import type { JobRecord, RunRecord } from './model/records.ts';
import { artifactRoutes } from './routes/artifact-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { runnerRoutes } from './routes/runner-routes.ts';
import { workflowRoutes } from './routes/workflow-routes.ts';
import { startService } from './service/start-service.ts';
import { fireSchedule } from './triggers/fire-schedule.ts';
import { openWorkflowReader } from './triggers/open-workflow-reader.ts';
import { startWorkflowsOfEvent } from './triggers/start-workflows-of-event.ts';

export type WorkflowsOptions = {
  /** Where artifacts are kept. */
  directory: string;
  /** Told of faults that no caller sees, such as an event whose workflows could not be read. */
  onFault?(message: string): void;
};

export type Workflows = {
  /** What `sandbox/runner/main.ts` takes as `--url` and `--token`. */
  runnerUrl: string;
  runnerToken: string;
  /** Starts what a workflow's `schedule` starts, as if its time had come. Throws when it has no schedule. */
  fireSchedule(repository: RepositoryName, workflowPath: string): Promise<RunRecord>;
  /** Runs of a repository, newest first, with their jobs, logs, steps and annotations. */
  runs(repository: RepositoryName): RunRecord[];
  run(id: number): RunRecord | null;
  job(id: number): { run: RunRecord; job: JobRecord } | null;
  /** Calls back after every change of a run, its jobs or their logs; returns how to stop. */
  onChange(listener: (runId: number) => void): () => void;
  /** Resolves when every event so far has been looked at. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** Starts GitHub Actions inside the server process: it listens to events, keeps runs, and serves runners and REST. */
export async function startWorkflows(kernel: Kernel, options: WorkflowsOptions): Promise<Workflows> {
  const listeners = new Set<(runId: number) => void>();
  const engine: Engine = {
    kernel,
    directory: options.directory,
    runs: new Map(),
    jobs: new Map(),
    workflows: new Map(),
    artifacts: new Map(),
    runners: new Map(),
    queue: [],
    groups: createConcurrencyGroups(),
    tokens: new Map(),
    deployments: new Map(),
    onFault: (message) => options.onFault?.(message),
    onChange: (runId) => {
      for (const listener of listeners) listener(runId);
    },
    downloadUrl: (kind, id) => service.downloadUrl(kind, id),
  };
  const service = await startService(engine);
  const readWorkflows = openWorkflowReader();
  let isClosed = false;
  // One event after the other, so that runs come into being in the order of what caused them.
  let last: Promise<unknown> = Promise.resolve();
  const take = (event: PlatformEvent): void => {
    last = last
      .then(() => (isClosed ? [] : startWorkflowsOfEvent(engine, readWorkflows, event)))
      .catch((fault: unknown) => engine.onFault(`${event.name}: ${describeError(fault)}`));
  };
  kernel.on(take);
  const routes = [
    ...runRoutes(engine),
    ...artifactRoutes(engine),
    ...workflowRoutes(engine, readWorkflows),
    ...runnerRoutes(engine),
  ];
  for (const route of routes) kernel.route(route);
  return {
    runnerUrl: service.url,
    runnerToken: service.runnerToken,
    fireSchedule: (repository, path) => fireSchedule(engine, readWorkflows, repository, path),
    runs: ({ owner, name }) =>
      [...engine.runs.values()]
        .filter(({ repository }) => repository.owner === owner && repository.name === name)
        .toReversed(),
    run: (id) => engine.runs.get(id) ?? null,
    job: (id) => engine.jobs.get(id) ?? null,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async settled() {
      let seen: Promise<unknown>;
      do {
        seen = last;
        await seen;
      } while (seen !== last);
    },
    async close() {
      isClosed = true;
      await last;
      await service.close();
    },
  };
}
