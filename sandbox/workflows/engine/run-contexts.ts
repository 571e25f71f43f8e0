import type { Kernel } from '../../github/kernel.ts';
import type { Scope } from '../expressions/evaluate-expression.ts';
import type { JsonObject } from '../expressions/json.ts';
import type { RunRecord } from '../model/records.ts';
import { ancestorsOf, needResult, needsContext } from './needs-results.ts';

/** The `github` context as the server knows it; the runner adds what belongs to its machine. */
export function githubContext(kernel: Kernel, run: RunRecord): JsonObject {
  const { trigger, repository } = run;
  const fullName = `${repository.owner}/${repository.name}`;
  const repositoryPayload = kernel.repositoryPayload(repository);
  return {
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    api_url: `${kernel.url}/api/v3`,
    base_ref: trigger.baseRef,
    event: trigger.payload,
    event_name: trigger.event,
    graphql_url: `${kernel.url}/api/graphql`,
    head_ref: trigger.headRef,
    ref: trigger.ref,
    ref_name: refName(trigger.ref),
    ref_protected: false,
    ref_type: trigger.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: fullName,
    repository_id: String(repositoryPayload.id ?? ''),
    repository_owner: repository.owner,
    repositoryUrl: `${kernel.url}/${fullName}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: 'Actions',
    server_url: kernel.url,
    sha: trigger.sha,
    triggering_actor: run.actor.login,
    workflow: run.workflow.name,
    workflow_ref: `${fullName}/${run.workflow.path}@${trigger.ref}`,
    workflow_sha: trigger.sha,
  };
}

/** What expressions of a run or job may see on the server. */
export function serverScope(kernel: Kernel, run: RunRecord, extra: JsonObject): Scope {
  return {
    contexts: {
      github: githubContext(kernel, run),
      inputs: run.trigger.inputs,
      vars: { ...kernel.variables(run.repository, null) },
      ...extra,
    },
    functions: [],
  };
}

/** The scope of a job's `if`: its needs, and status functions over everything it waits for. */
export function jobConditionScope(kernel: Kernel, run: RunRecord, key: string, needs: readonly string[]): Scope {
  const results = ancestorsOf(run, key).map((ancestor) => needResult(run, ancestor)?.result);
  return {
    ...serverScope(kernel, run, { needs: needsContext(run, needs) }),
    functions: [
      { name: 'always', minArgs: 0, maxArgs: 0, call: () => true },
      { name: 'cancelled', minArgs: 0, maxArgs: 0, call: () => run.isCancelled },
      {
        name: 'success',
        minArgs: 0,
        maxArgs: 0,
        call: () => !run.isCancelled && results.every((result) => result === 'success'),
      },
      { name: 'failure', minArgs: 0, maxArgs: 0, call: () => results.includes('failure') },
    ],
  };
}

function refName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|pull)\//, '');
}
