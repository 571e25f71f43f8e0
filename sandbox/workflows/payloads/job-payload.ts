import { formatTimestamp } from '../../github/timestamp.ts';
import { jobUrl } from '../engine/announce.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobRecord, RunRecord } from '../model/records.ts';
import { nodeId } from './workflow-payload.ts';

/** A job as REST and webhooks show it. */
export function jobPayload(engine: Engine, run: RunRecord, job: JobRecord): Record<string, unknown> {
  const { kernel } = engine;
  const repository = `${kernel.url}/repos/${run.repository.owner}/${run.repository.name}`;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.trigger.headBranch,
    run_url: `${repository}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.trigger.headSha,
    url: `${repository}/actions/jobs/${job.id}`,
    html_url: jobUrl(engine, run, job),
    status: job.status,
    conclusion: job.conclusion,
    created_at: formatTimestamp(new Date(job.createdAt)),
    started_at: formatTimestamp(new Date(job.startedAt ?? job.createdAt)),
    completed_at: time(job.completedAt),
    name: job.name,
    steps: job.steps.map(({ name, status, conclusion, number, startedAt, completedAt }) => ({
      name,
      status,
      conclusion,
      number,
      started_at: time(startedAt),
      completed_at: time(completedAt),
    })),
    check_run_url: `${repository}/check-runs/${job.checkId ?? job.id}`,
    labels: job.labels,
    runner_id: job.runner?.id ?? null,
    runner_name: job.runner?.name ?? null,
    runner_group_id: job.runner === null ? null : 1,
    runner_group_name: job.runner === null ? null : 'Default',
  };
}

function time(value: string | null): string | null {
  return value === null ? null : formatTimestamp(new Date(value));
}
