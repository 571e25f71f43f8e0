import { z } from 'zod';
import { ApiError, type Route, type RouteContext } from '../../github/kernel.ts';
import { paginate } from '../../github/paginate.ts';
import { found, readBody } from '../../github/read-request.ts';
import { type Engine, knowWorkflow, repositoryKey } from '../engine/engine.ts';
import type { JsonObject } from '../expressions/json.ts';
import { resolveCommit } from '../model/run-git.ts';
import type { DispatchInput } from '../model/workflow.ts';
import { runUrl } from '../payloads/run-payload.ts';
import { workflowPayload } from '../payloads/workflow-payload.ts';
import type { WorkflowReader } from '../triggers/open-workflow-reader.ts';
import { startWorkflowsOfEvent } from '../triggers/start-workflows-of-event.ts';
import { findWorkflow } from './find-records.ts';

const reads = { permission: 'actions', access: 'read' } as const;
const dispatchSchema = z.object({
  ref: z.string().min(1),
  inputs: z.record(z.string(), z.union([z.string(), z.boolean(), z.number()])).default({}),
  return_run_details: z.boolean().default(false),
});

/** Workflows and their dispatch. */
export function workflowRoutes(engine: Engine, readWorkflows: WorkflowReader): Route[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/workflows',
      needs: reads,
      handler: async (context) => {
        await refresh(engine, readWorkflows, context);
        const key = repositoryKey(found(context.repository));
        const known = [...engine.workflows.values()].filter((one) => repositoryKey(one.repository) === key);
        return {
          total_count: known.length,
          workflows: paginate(context, known).map((one) => workflowPayload(engine, one)),
        };
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/workflows/:workflow_id',
      needs: reads,
      handler: async (context) => {
        await refresh(engine, readWorkflows, context);
        return workflowPayload(engine, findWorkflow(engine, context));
      },
    },
    {
      method: 'POST',
      path: '/repos/:owner/:repo/actions/workflows/:workflow_id/dispatches',
      needs: { permission: 'actions', access: 'write' },
      handler: (context) => dispatch(engine, readWorkflows, context),
    },
  ];
}

/** Workflows of the default branch are known before their first run. */
async function refresh(engine: Engine, readWorkflows: WorkflowReader, context: RouteContext): Promise<void> {
  const repository = found(context.repository);
  const directory = engine.kernel.gitDirectory(repository);
  const commit = await resolveCommit(directory, `refs/heads/${engine.kernel.defaultBranch(repository)}`);
  if (commit === null) return;
  for (const workflow of await readWorkflows(directory, commit)) knowWorkflow(engine, repository, workflow);
}

async function dispatch(engine: Engine, readWorkflows: WorkflowReader, context: RouteContext): Promise<unknown> {
  await refresh(engine, readWorkflows, context);
  const { kernel } = engine;
  const body = readBody(context, dispatchSchema);
  const repository = found(context.repository);
  const actor = found(context.actor);
  const known = findWorkflow(engine, context);
  const directory = kernel.gitDirectory(repository);
  const ref = await qualify(directory, body.ref);
  const commit = await resolveCommit(directory, ref);
  if (commit === null) throw new ApiError(422, `No ref found for: ${body.ref}`);
  const atRef = (await readWorkflows(directory, commit)).find(({ path }) => path === known.workflow.path);
  if (atRef?.triggers.filters.workflow_dispatch === undefined)
    throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const inputs = readInputs(atRef.triggers.dispatchInputs, body.inputs);
  const [run] = await startWorkflowsOfEvent(engine, readWorkflows, {
    name: 'workflow_dispatch',
    action: null,
    repository,
    actor,
    payload: {
      inputs,
      ref,
      workflow: known.workflow.path,
      repository: kernel.repositoryPayload(repository),
      sender: kernel.actorPayload(actor),
    },
  });
  if (!body.return_run_details || run === undefined) return undefined;
  return {
    workflow_run_id: run.id,
    run_url: `${kernel.url}/repos/${repository.owner}/${repository.name}/actions/runs/${run.id}`,
    html_url: runUrl(kernel.url, run),
  };
}

async function qualify(directory: string, ref: string): Promise<string> {
  if (ref.startsWith('refs/')) return ref;
  const branch = `refs/heads/${ref}`;
  return (await resolveCommit(directory, branch)) === null ? `refs/tags/${ref}` : branch;
}

/** Given inputs by their declaration; every fault is in one answer. */
function readInputs(
  declared: Record<string, DispatchInput>,
  given: Record<string, string | boolean | number>,
): JsonObject {
  const faults: string[] = [];
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) faults.push(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  const inputs: JsonObject = {};
  for (const [name, { type, required, options, default: standard }] of Object.entries(declared)) {
    const value = given[name] ?? standard;
    if (required && (value === undefined || value === '')) faults.push(`Required input '${name}' not provided`);
    else if (type === 'choice' && value !== undefined && options?.includes(String(value)) === false)
      faults.push(`Provided value '${value}' for input '${name}' not in the list of allowed values`);
    else if (type === 'boolean') inputs[name] = value === true || value === 'true';
    else if (type === 'number' && value !== undefined) inputs[name] = Number(value);
    else inputs[name] = value === undefined ? '' : String(value);
  }
  if (faults.length > 0) throw new ApiError(422, faults.join('; '));
  return inputs;
}
