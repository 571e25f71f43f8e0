import type { RouteContext } from '../../github/kernel.ts';
import { found, numberParameter, parameter } from '../../github/read-request.ts';
import { type Engine, type KnownWorkflow, repositoryKey } from '../engine/engine.ts';
import type { ArtifactRecord, JobRecord, RunRecord } from '../model/records.ts';

/** The run a path names; one of another repository is not found. */
export function findRun(engine: Engine, context: RouteContext): RunRecord {
  return ownedRun(context, engine.runs.get(numberParameter(context, 'run_id')));
}

export function findJob(engine: Engine, context: RouteContext): { run: RunRecord; job: JobRecord } {
  const { run, job } = found(engine.jobs.get(numberParameter(context, 'job_id')));
  return { run: ownedRun(context, run), job };
}

export function findArtifact(engine: Engine, context: RouteContext): { run: RunRecord; artifact: ArtifactRecord } {
  const artifact = found(engine.artifacts.get(numberParameter(context, 'artifact_id')));
  return { run: ownedRun(context, engine.runs.get(artifact.runId)), artifact };
}

/** A workflow by id or by file name. */
export function findWorkflow(engine: Engine, context: RouteContext): KnownWorkflow {
  const wanted = parameter(context, 'workflow_id');
  const key = repositoryKey(found(context.repository));
  return found(
    [...engine.workflows.values()].find(
      ({ id, repository, workflow }) =>
        repositoryKey(repository) === key && (String(id) === wanted || workflow.path === `.github/workflows/${wanted}`),
    ),
  );
}

export function runsOf(engine: Engine, context: RouteContext): RunRecord[] {
  const key = repositoryKey(found(context.repository));
  return [...engine.runs.values()].filter((run) => repositoryKey(run.repository) === key).toReversed();
}

function ownedRun(context: RouteContext, run: RunRecord | undefined): RunRecord {
  const owned = found(run);
  return found(repositoryKey(owned.repository) === repositoryKey(found(context.repository)) ? owned : null);
}
