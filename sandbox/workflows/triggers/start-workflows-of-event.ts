import type { PlatformEvent } from '../../github/kernel.ts';
import { type Engine, knowWorkflow } from '../engine/engine.ts';
import { startRun } from '../engine/start-run.ts';
import { isJsonObject } from '../expressions/json.ts';
import { readHeadCommit } from '../model/read-head-commit.ts';
import type { RunRecord, Trigger } from '../model/records.ts';
import { listChangedPaths } from '../model/run-git.ts';
import type { Workflow } from '../model/workflow.ts';
import { matchTrigger } from './match-trigger.ts';
import type { WorkflowReader } from './open-workflow-reader.ts';
import { readTrigger } from './read-trigger.ts';

/** Longest chain of `workflow_run` that GitHub follows. */
const maxDepth = 3;

/** What a job may cause although events of a GITHUB_TOKEN start nothing. */
const alwaysStarts = new Set(['workflow_dispatch', 'repository_dispatch', 'workflow_run']);
/** Events the engine reports itself and nothing can listen to in a workflow. */
const neverStarts = new Set(['workflow_job']);

/** Starts the runs of all workflows that listen to an event. */
export async function startWorkflowsOfEvent(
  engine: Engine,
  readWorkflows: WorkflowReader,
  event: PlatformEvent,
): Promise<RunRecord[]> {
  if (neverStarts.has(event.name)) return [];
  if (event.actor.kind === 'job' && !alwaysStarts.has(event.name)) return [];
  // Checks of workflows start no workflows, which would go round in circles.
  if (event.actor.kind === 'app' && event.actor.slug === 'github-actions') return [];
  const depth = chainDepth(engine, event);
  if (depth > maxDepth) return [];
  const directory = engine.kernel.gitDirectory(event.repository);
  const trigger = await readTrigger(engine.kernel, event, depth);
  if (trigger === null || isSkipped(trigger)) return [];
  const workflows = await readWorkflows(directory, trigger.sha);
  for (const workflow of workflows) knowWorkflow(engine, event.repository, workflow);
  const changed = lazily(() =>
    trigger.changes === null ? Promise.resolve([]) : listChangedPaths(directory, trigger.changes),
  );
  const matched: Workflow[] = [];
  for (const workflow of workflows)
    if (isWanted(workflow, event) && (await matchTrigger(workflow, trigger, changed))) matched.push(workflow);
  if (matched.length === 0) return [];
  const headCommit = await readHeadCommit(directory, trigger.headSha);
  return matched.map((workflow) =>
    startRun(engine, { repository: event.repository, workflow, trigger, headCommit, actor: event.actor }),
  );
}

/** A dispatch names its workflow; every other event is for all that listen. */
function isWanted(workflow: Workflow, { name, payload }: PlatformEvent): boolean {
  return (name !== 'workflow_dispatch' && name !== 'schedule') || workflow.path === payload.workflow;
}

function chainDepth(engine: Engine, { name, payload }: PlatformEvent): number {
  if (name !== 'workflow_run') return 0;
  const run = payload.workflow_run;
  const id = typeof run === 'object' && run !== null && 'id' in run ? Number(run.id) : 0;
  return (engine.runs.get(id)?.trigger.depth ?? 0) + 1;
}

/** Instructions in a commit message that keep push and pull request events from starting anything. */
function isSkipped({ event, payload }: Trigger): boolean {
  if (event !== 'push') return false;
  const message = isJsonObject(payload.head_commit) ? payload.head_commit.message : '';
  return /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(String(message));
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
