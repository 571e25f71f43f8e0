import type { Annotation, JobRecord, RunRecord } from '../model/records.ts';
import { jobPayload } from '../payloads/job-payload.ts';
import { runPayload } from '../payloads/run-payload.ts';
import { workflowPayload } from '../payloads/workflow-payload.ts';
import { type Engine, knowWorkflow } from './engine.ts';

/** GitHub keeps this many annotations of a job. */
const maxAnnotations = 50;

/** The webhook `workflow_run`, which may itself start workflows. */
export function announceRun(engine: Engine, run: RunRecord, action: 'requested' | 'in_progress' | 'completed'): void {
  const { kernel } = engine;
  run.updatedAt = kernel.now().toISOString();
  engine.onChange(run.id);
  kernel.emit({
    name: 'workflow_run',
    action,
    repository: run.repository,
    actor: run.actor,
    payload: {
      action,
      workflow_run: runPayload(engine, run),
      workflow: workflowPayload(engine, knowWorkflow(engine, run.repository, run.workflow)),
      repository: kernel.repositoryPayload(run.repository),
      sender: kernel.actorPayload(run.actor),
    },
  });
}

/** The check run that mirrors a job, then the webhook `workflow_job`. */
export function announceJob(
  engine: Engine,
  run: RunRecord,
  job: JobRecord,
  action: 'queued' | 'in_progress' | 'completed',
): void {
  const { kernel } = engine;
  run.updatedAt = kernel.now().toISOString();
  job.checkId = kernel.upsertJobCheck(run.repository, {
    id: job.checkId,
    name: job.name,
    headSha: run.trigger.headSha,
    status: job.status === 'waiting' ? 'queued' : job.status,
    conclusion: job.conclusion,
    detailsUrl: jobUrl(engine, run, job),
    ...(action === 'completed' ? { annotations: job.annotations.slice(0, maxAnnotations).map(annotationPayload) } : {}),
  });
  engine.onChange(run.id);
  kernel.emit({
    name: 'workflow_job',
    action,
    repository: run.repository,
    actor: run.actor,
    payload: {
      action,
      workflow_job: jobPayload(engine, run, job),
      repository: kernel.repositoryPayload(run.repository),
      sender: kernel.actorPayload(run.actor),
    },
  });
}

function annotationPayload({ level, message, title, path, startLine, endLine }: Annotation): Record<string, unknown> {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    start_column: null,
    end_column: null,
    annotation_level: level,
    title,
    message,
    raw_details: '',
    blob_href: '',
  };
}

/** The page of a job. */
export function jobUrl({ kernel }: Engine, { repository, id }: RunRecord, job: JobRecord): string {
  return `${kernel.url}/${repository.owner}/${repository.name}/actions/runs/${id}/job/${job.id}`;
}
