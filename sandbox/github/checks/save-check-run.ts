import type { Actor } from '../kernel.ts';
import { checkRunPayload } from '../payloads/check-run.ts';
import type { Platform } from '../platform.ts';
import type { CheckRun, CheckSuite, Repository } from '../records.ts';

/** What to write; `id` null makes a new run, a field left out stays as it is. */
export type CheckRunInput = {
  id: number | null;
  name?: string | undefined;
  headSha?: string | undefined;
  status?: string | undefined;
  conclusion?: string | null | undefined;
  detailsUrl?: string | null | undefined;
  externalId?: string | undefined;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
  output?: Partial<CheckRun['output']> | undefined;
  annotations?: Record<string, unknown>[] | undefined;
};

/** Creates or updates a check run of an App and emits what happened to it. */
export function saveCheckRun(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  appId: number,
  input: CheckRunInput,
): CheckRun {
  const known = input.id === null ? undefined : repository.checkRuns.get(input.id);
  const run = known ?? newCheckRun(platform, repository, appId, input);
  const wasCompleted = known?.status === 'completed';
  if (input.name !== undefined) run.name = input.name;
  if (input.detailsUrl !== undefined) run.detailsUrl = input.detailsUrl;
  if (input.externalId !== undefined) run.externalId = input.externalId;
  if (input.startedAt !== undefined) run.startedAt = input.startedAt;
  if (input.output !== undefined) run.output = { ...run.output, ...input.output };
  if (input.annotations !== undefined) run.annotations.push(...input.annotations);
  if (input.status !== undefined) run.status = input.status;
  // A conclusion completes the run, whatever status came with it.
  if (input.conclusion !== undefined && input.conclusion !== null) run.status = 'completed';
  if (run.status === 'completed') {
    run.conclusion = input.conclusion ?? run.conclusion;
    run.completedAt = input.completedAt ?? run.completedAt ?? platform.timestamp();
    run.startedAt ??= run.completedAt;
  } else {
    run.conclusion = null;
    run.completedAt = null;
    if (run.status === 'in_progress') run.startedAt ??= platform.timestamp();
  }
  const emit = (action: string): void => {
    const payload = { check_run: checkRunPayload(platform, repository, run) };
    platform.kernel.emit({ name: 'check_run', action, repository, actor, payload });
  };
  if (known === undefined) emit('created');
  if (run.status === 'completed' && !wasCompleted) emit('completed');
  return run;
}

function newCheckRun(platform: Platform, repository: Repository, appId: number, input: CheckRunInput): CheckRun {
  const headSha = input.headSha ?? '';
  const run: CheckRun = {
    id: platform.kernel.nextId(),
    suiteId: suiteOf(platform, repository, appId, headSha).id,
    appId,
    name: input.name ?? '',
    headSha,
    status: 'queued',
    conclusion: null,
    detailsUrl: null,
    externalId: '',
    startedAt: null,
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
  };
  repository.checkRuns.set(run.id, run);
  return run;
}

/** Check runs of one App on one commit form a suite. */
function suiteOf(platform: Platform, repository: Repository, appId: number, headSha: string): CheckSuite {
  for (const suite of repository.checkSuites.values()) {
    if (suite.appId === appId && suite.headSha === headSha) return suite;
  }
  const createdAt = platform.timestamp();
  const suite: CheckSuite = { id: platform.kernel.nextId(), appId, headSha, createdAt, updatedAt: createdAt };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}
