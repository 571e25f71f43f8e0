import type { JobRecord, RunRecord } from '../model/records.ts';
import type { JobMessage } from '../model/wire.ts';
import type { Engine } from './engine.ts';
import { strategyContext } from './expand-job.ts';
import { jobPermissions } from './job-permissions.ts';
import { needsContext } from './needs-results.ts';
import { githubContext } from './run-contexts.ts';

/**
 * What a runner gets for a job. Secrets and variables of an environment only when the job declares it and its ref was
 * allowed; a pull request from a fork gets no secrets at all.
 */
export function jobMessage(
  engine: Engine,
  run: RunRecord,
  job: JobRecord,
  runtime: { url: string; token: string },
): JobMessage {
  const { kernel, tokens } = engine;
  const { definition } = job;
  const { body, path } = run.workflow;
  const { isFork, event } = run.trigger;
  const isForkPull = isFork && event === 'pull_request';
  const permissions = jobPermissions(body?.permissions, definition.permissions, isForkPull);
  const token = kernel.issueJobToken(run.repository, { runId: run.id, jobId: job.id }, permissions);
  tokens.set(job.id, token);
  const environment = job.environment?.name ?? null;
  return {
    id: job.id,
    runId: run.id,
    key: job.key,
    name: job.name,
    workflowPath: path,
    steps: definition.steps,
    env: [body?.env ?? null, definition.env ?? null],
    defaults: [body?.defaults ?? null, definition.defaults ?? null],
    outputs: definition.outputs ?? null,
    environmentUrl: environmentUrl(definition.environment),
    timeoutMinutes: job.timeoutMinutes,
    permissions,
    contexts: {
      github: { ...githubContext(kernel, run), job: job.key, token },
      needs: needsContext(run, definition.needs),
      matrix: job.matrix,
      strategy: strategyContext(job),
      inputs: run.trigger.inputs,
      vars: { ...kernel.variables(run.repository, environment) },
      secrets: { ...(isForkPull ? {} : kernel.secrets(run.repository, environment)), GITHUB_TOKEN: token },
    },
    runtime,
  };
}

function environmentUrl(environment: JobRecord['definition']['environment']): string | null {
  if (typeof environment !== 'object' || environment === null || Array.isArray(environment)) return null;
  return typeof environment.url === 'string' ? environment.url : null;
}
