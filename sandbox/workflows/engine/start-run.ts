import type { Actor, RepositoryName } from '../../github/kernel.ts';
import { evaluateTemplate, evaluateText } from '../expressions/evaluate-template.ts';
import type { HeadCommit, RunRecord, Trigger } from '../model/records.ts';
import type { Workflow } from '../model/workflow.ts';
import { advanceRun } from './advance-run.ts';
import { announceRun } from './announce.ts';
import { cancelRun } from './cancel-run.ts';
import { type Engine, knowWorkflow, repositoryKey } from './engine.ts';
import { failRun } from './fail-run.ts';
import { readConcurrency } from './read-concurrency.ts';
import { serverScope } from './run-contexts.ts';

/** Creates the run of a workflow for an event, announces it and starts what can start. */
export function startRun(
  engine: Engine,
  start: {
    repository: RepositoryName;
    workflow: Workflow;
    trigger: Trigger;
    headCommit: HeadCommit | null;
    actor: Actor;
  },
): RunRecord {
  const { repository, workflow, trigger, headCommit, actor } = start;
  const known = knowWorkflow(engine, repository, workflow);
  known.runs += 1;
  const now = engine.kernel.now().toISOString();
  const run: RunRecord = {
    id: engine.kernel.nextId(),
    number: known.runs,
    attempt: 1,
    repository,
    workflow,
    workflowId: known.id,
    trigger,
    actor,
    displayTitle: trigger.displayTitle || workflow.name,
    headCommit,
    status: 'queued',
    conclusion: null,
    isCancelled: false,
    concurrencyGroup: null,
    unexpanded: new Set(Object.keys(workflow.body?.jobs ?? {})),
    jobs: [],
    artifacts: [],
    annotations: workflow.faults.map(({ line, message }) => ({
      level: 'failure',
      message,
      title: 'Invalid workflow file',
      path: workflow.path,
      startLine: line,
      endLine: line,
    })),
    createdAt: now,
    updatedAt: now,
  };
  engine.runs.set(run.id, run);
  announceRun(engine, run, 'requested');
  if (workflow.body === null) {
    failRun(engine, run);
    return run;
  }
  try {
    enterGroup(engine, run);
  } catch (fault) {
    failRun(engine, run, fault);
  }
  return run;
}

/** Runs of one concurrency group go one after the other. */
function enterGroup(engine: Engine, run: RunRecord): void {
  const scope = serverScope(engine.kernel, run, {});
  const title = run.workflow.body?.['run-name'];
  if (title !== undefined) run.displayTitle = evaluateText(title, scope) || run.displayTitle;
  const declared = run.workflow.body?.concurrency;
  const concurrency = declared === undefined ? null : readConcurrency(evaluateTemplate(declared, scope));
  if (concurrency === null) {
    advanceRun(engine, run);
    return;
  }
  run.status = 'pending';
  run.concurrencyGroup = `${repositoryKey(run.repository)}:${concurrency.group.toLowerCase()}`;
  engine.groups.enter(
    run.concurrencyGroup,
    {
      id: run.id,
      start: () => {
        run.status = 'queued';
        advanceRun(engine, run);
      },
      cancel: () =>
        cancelRun(engine, run, `Canceling since a higher priority waiting request for ${concurrency.group} exists`),
    },
    concurrency,
  );
}
