import { formatTimestamp } from '../../github/timestamp.ts';
import type { Engine } from '../engine/engine.ts';
import { isJsonObject, type Json } from '../expressions/json.ts';
import type { RunRecord } from '../model/records.ts';
import { nodeId } from './workflow-payload.ts';

/** A workflow run as REST and webhooks show it. */
export function runPayload({ kernel }: Engine, run: RunRecord): Record<string, unknown> {
  const { id, repository, trigger, workflow } = run;
  const fullName = `${repository.owner}/${repository.name}`;
  const url = `${kernel.url}/repos/${fullName}/actions/runs/${id}`;
  const repositoryPayload = kernel.repositoryPayload(repository);
  const headRepository = headRepositoryOf(trigger.payload.pull_request) ?? repositoryPayload;
  const actor = kernel.actorPayload(run.actor);
  return {
    id,
    name: workflow.name,
    node_id: nodeId('WFR', id),
    check_suite_id: id,
    check_suite_node_id: nodeId('CS', id),
    head_branch: trigger.headBranch,
    head_sha: trigger.headSha,
    path: workflow.path,
    display_title: run.displayTitle,
    run_number: run.number,
    run_attempt: run.attempt,
    event: trigger.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    url,
    html_url: runUrl(kernel.url, run),
    // GitHub leaves it empty for forks; the number is looked up by the head commit.
    pull_requests: trigger.isFork ? [] : kernel.pullsForCommit(repository, trigger.headSha).map(minimalPull),
    created_at: formatTimestamp(new Date(run.createdAt)),
    updated_at: formatTimestamp(new Date(run.updatedAt)),
    run_started_at: formatTimestamp(new Date(run.createdAt)),
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${kernel.url}/repos/${fullName}/check-suites/${id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${kernel.url}/repos/${fullName}/actions/workflows/${run.workflowId}`,
    referenced_workflows: [],
    head_commit: run.headCommit,
    repository: repositoryPayload,
    head_repository: headRepository,
  };
}

/** The page of a run. */
export function runUrl(base: string, { repository, id }: RunRecord): string {
  return `${base}/${repository.owner}/${repository.name}/actions/runs/${id}`;
}

function headRepositoryOf(pull: Json | undefined): Json | null {
  const head = isJsonObject(pull) ? pull.head : undefined;
  return isJsonObject(head) && isJsonObject(head.repo) ? head.repo : null;
}

function minimalPull(pull: Record<string, unknown>): Record<string, unknown> {
  const side = (value: unknown) => {
    const { ref, sha, repo } = fields(value);
    const { id, url, name } = fields(repo);
    return { ref, sha, repo: { id, url, name } };
  };
  return { id: pull.id, number: pull.number, url: pull.url, head: side(pull.head), base: side(pull.base) };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
