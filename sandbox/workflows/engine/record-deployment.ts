import { describeError } from '../../../pipelines/describe-error.ts';
import { PulltrainError } from '../../../pipelines/errors.ts';
import type { JobRecord, RunRecord } from '../model/records.ts';
import { jobUrl } from './announce.ts';
import type { Engine } from './engine.ts';

/**
 * Keeps the deployment that a job with an environment stands for, unless it says `deployment: false`: made when the job
 * begins, closed when it ends. It goes over the API, as the app `github-actions` would do it.
 */
export function recordDeployment(
  engine: Engine,
  run: RunRecord,
  job: JobRecord,
  state: 'in_progress' | 'success' | 'failure',
): void {
  const { environment } = job;
  if (environment?.isDeployment !== true) return;
  const before = engine.deployments.get(job.id);
  // A job that never began has deployed nothing.
  if (before === undefined && state !== 'in_progress') return;
  const { name, url } = environment;
  const after = (before ?? createDeployment(engine, run, job, name))
    .then(async (id) => {
      if (id === null) return null;
      await post(engine, run, job, `/deployments/${id}/statuses`, {
        state,
        environment: name,
        log_url: jobUrl(engine, run, job),
        environment_url: url ?? '',
      });
      return id;
    })
    .catch((fault: unknown) => {
      engine.onFault(`deployment of ${job.name}: ${describeError(fault)}`);
      return null;
    });
  engine.deployments.set(job.id, after);
}

async function createDeployment(engine: Engine, run: RunRecord, job: JobRecord, environment: string): Promise<number> {
  const answer = await post(engine, run, job, '/deployments', {
    ref: run.trigger.sha,
    environment,
    auto_merge: false,
    required_contexts: [],
    description: `${run.workflow.name}: ${job.name}`.slice(0, 140),
  });
  if (typeof answer === 'object' && answer !== null && 'id' in answer) return Number(answer.id);
  throw new PulltrainError('deployment-refused', { what: 'the deployment has no id', where: environment });
}

async function post(engine: Engine, run: RunRecord, job: JobRecord, path: string, body: unknown): Promise<unknown> {
  const { kernel } = engine;
  const token = kernel.issueJobToken(run.repository, { runId: run.id, jobId: job.id }, { deployments: 'write' });
  try {
    const { owner, name } = run.repository;
    const response = await fetch(`${kernel.url}/repos/${owner}/${name}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new PulltrainError('deployment-refused', { what: 'the deployment is refused', where: path, seen: text });
  } finally {
    kernel.revokeToken(token);
  }
}
