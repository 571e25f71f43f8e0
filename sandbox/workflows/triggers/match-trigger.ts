import { isJsonObject } from '../expressions/json.ts';
import type { Trigger } from '../model/records.ts';
import type { EventFilter, Workflow } from '../model/workflow.ts';
import { matchesPatterns } from './match-patterns.ts';

const defaultTypes: Record<string, readonly string[]> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
  merge_group: ['checks_requested'],
};

/** Whether an event starts a workflow. `changedPaths` is asked only when a filter needs it. */
export async function matchTrigger(
  workflow: Workflow,
  trigger: Trigger,
  changedPaths: () => Promise<string[]>,
): Promise<boolean> {
  const filter = workflow.triggers.filters[trigger.event];
  if (filter === undefined) return false;
  return (
    matchesType(filter, trigger) &&
    matchesWorkflow(filter, trigger) &&
    matchesRef(filter, trigger) &&
    (await matchesPaths(filter, trigger, changedPaths))
  );
}

function matchesType({ types }: EventFilter, { event, action }: Trigger): boolean {
  const allowed = types ?? defaultTypes[event];
  return allowed === undefined || (action !== null && allowed.includes(action));
}

function matchesWorkflow({ workflows }: EventFilter, { event, payload }: Trigger): boolean {
  if (event !== 'workflow_run') return true;
  const run = payload.workflow_run;
  return workflows === undefined || (isJsonObject(run) && workflows.some((name) => name === run.name));
}

/** A push filtered by branches alone ignores tags and the other way round. */
function matchesRef(filter: EventFilter, trigger: Trigger): boolean {
  const tag = trigger.event === 'push' && trigger.ref.startsWith('refs/tags/') ? trigger.ref.slice(10) : null;
  const hasBranches = filter.branches !== undefined || filter['branches-ignore'] !== undefined;
  const hasTags = filter.tags !== undefined || filter['tags-ignore'] !== undefined;
  if (tag !== null) return hasTags ? passes(filter.tags, filter['tags-ignore'], tag) : !hasBranches;
  if (!hasBranches) return !(hasTags && trigger.event === 'push');
  const branch = filteredBranch(trigger);
  return branch !== null && passes(filter.branches, filter['branches-ignore'], branch);
}

/** The branch that `branches` speaks about: of a pull request its base, of a workflow run that run's own. */
function filteredBranch(trigger: Trigger): string | null {
  if (trigger.event === 'pull_request' || trigger.event === 'pull_request_target') return trigger.baseRef;
  if (trigger.event === 'push') return trigger.headBranch;
  const run = trigger.payload.workflow_run;
  return isJsonObject(run) && typeof run.head_branch === 'string' ? run.head_branch : trigger.headBranch;
}

async function matchesPaths(
  filter: EventFilter,
  trigger: Trigger,
  changedPaths: () => Promise<string[]>,
): Promise<boolean> {
  const { paths, 'paths-ignore': ignored } = filter;
  if ((paths === undefined && ignored === undefined) || trigger.changes === null) return true;
  const changed = await changedPaths();
  if (paths !== undefined) return changed.some((path) => matchesPatterns(paths, path));
  return changed.some((path) => !matchesPatterns(ignored ?? [], path));
}

function passes(wanted: string[] | undefined, ignored: string[] | undefined, value: string): boolean {
  if (wanted !== undefined) return matchesPatterns(wanted, value);
  return !matchesPatterns(ignored ?? [], value);
}
