import type { Scope, ScopeFunction } from '../workflows/expressions/evaluate-expression.ts';
import type { JsonObject } from '../workflows/expressions/json.ts';
import { hashFiles } from './hash-files.ts';
import type { Frame, JobRun } from './job-run.ts';

/** What expressions of a step may see; a composite action sees neither secrets nor needs nor variables. */
export function stepScope(job: JobRun, frame: Frame, env: Record<string, string>, actionId: string): Scope {
  const { github, needs, matrix, strategy, inputs, vars, secrets } = job.message.contexts;
  const shared: JsonObject = {
    github: {
      ...github,
      workspace: job.folders.workspace,
      event_path: `${job.folders.temp}/_github_workflow/event.json`,
      action: actionId,
      action_path: frame.action?.folder ?? null,
      action_status: frame.hasFailed ? 'failure' : 'success',
      env: null,
      path: null,
    },
    strategy,
    matrix,
    steps: Object.fromEntries(
      [...frame.results].map(([id, result]) => [id, { ...result, outputs: { ...result.outputs } }]),
    ),
    job: { status: jobStatus(job), container: {}, services: {}, check_run_id: job.message.id },
    runner: {
      ...job.facts,
      temp: job.folders.temp,
      tool_cache: job.folders.tools,
      workspace: job.folders.work,
      debug: '',
    },
    env: { ...env },
    inputs: frame.inputs ?? inputs,
  };
  return {
    contexts: frame.action === null ? { ...shared, needs, vars, secrets } : shared,
    functions: [...statusFunctions(job, frame), hashing(job)],
  };
}

/** `success`, `failure` or `cancelled`, as `job.status` says it. */
export function jobStatus(job: JobRun): 'success' | 'failure' | 'cancelled' {
  if (job.isCancelled) return 'cancelled';
  return job.hasFailed ? 'failure' : 'success';
}

function statusFunctions(job: JobRun, frame: Frame): ScopeFunction[] {
  const call = (name: string, test: () => boolean): ScopeFunction => ({ name, minArgs: 0, maxArgs: 0, call: test });
  return [
    call('always', () => true),
    call('cancelled', () => job.isCancelled),
    call('success', () => !job.isCancelled && !frame.hasFailed),
    call('failure', () => !job.isCancelled && frame.hasFailed),
  ];
}

function hashing(job: JobRun): ScopeFunction {
  return {
    name: 'hashfiles',
    minArgs: 1,
    maxArgs: 255,
    call: (patterns) => hashFiles(job.folders.workspace, patterns),
  };
}
