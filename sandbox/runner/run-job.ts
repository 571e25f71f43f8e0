import { evaluateText, evaluateTexts } from '../workflows/expressions/evaluate-template.ts';
import type { StepRecord } from '../workflows/model/records.ts';
import type { FromRunner, JobMessage } from '../workflows/model/wire.ts';
import type { Step } from '../workflows/model/workflow.ts';
import { endProcesses } from './end-processes.ts';
import type { Frame, JobRun, Outcome, RunnerFacts } from './job-run.ts';
import { createMasker } from './mask-secrets.ts';
import { prepareFolders } from './prepare-folders.ts';
import { readAction } from './read-action.ts';
import { resolveUses } from './resolve-uses.ts';
import { reportFault, runStep } from './run-step.ts';
import { jobStatus, stepScope } from './step-scope.ts';

/** Lines sent per job; a job that prints more than that is cut off by the server anyway. */
const maxLines = 200_000;

export type RunningJob = { done: Promise<void>; cancel(): void };

export type JobSurroundings = {
  work: string;
  actionsRoot: string;
  facts: RunnerFacts;
  send(message: FromRunner): void;
};

/** Runs a job: sets it up, runs its steps one after the other, then what they left for the end, and reports. */
export function runJob(message: JobMessage, surroundings: JobSurroundings): RunningJob {
  let controller = new AbortController();
  let job: JobRun | null = null;
  let isCancelled = false;
  const cancel = (): void => {
    isCancelled = true;
    if (job !== null) job.isCancelled = true;
    controller.abort();
  };
  // Steps that run although the job was cancelled must not be stopped by the same signal.
  const nextSignal = (): AbortSignal => {
    if (controller.signal.aborted) controller = new AbortController();
    return controller.signal;
  };
  const run = async (): Promise<void> => {
    job = await openJob(message, surroundings);
    job.isCancelled = isCancelled;
    const limit = startTimeLimit(job, message.timeoutMinutes, cancel);
    try {
      await runPhases(job, nextSignal);
    } finally {
      clearTimeout(limit);
      await endProcesses(job.groups, surroundings.work);
    }
  };
  const done = run().catch((fault: unknown) => {
    if (job !== null) reportFault(job, 0, fault);
    surroundings.send({ kind: 'complete', job: message.id, conclusion: 'failure', outputs: {}, environmentUrl: null });
  });
  return { done, cancel };
}

function startTimeLimit(job: JobRun, minutes: number, cancel: () => void): NodeJS.Timeout {
  const limit = () => {
    reportFault(job, 0, new Error(`The job has exceeded the maximum execution time of ${minutes} minutes.`));
    cancel();
  };
  return setTimeout(limit, Math.min(minutes * 60_000, 2 ** 31 - 1));
}

async function runPhases(job: JobRun, nextSignal: () => AbortSignal): Promise<void> {
  const { message } = job;
  const frame: Frame = { results: new Map(), hasFailed: false, inputs: null, env: {}, action: null };
  const track = createTracker(job);
  const isSetUp = await track('Set up job', async (number) => setUp(job, frame, number));
  frame.hasFailed = isSetUp !== 'success';
  for (const [index, step] of message.steps.entries()) {
    if (isSetUp !== 'success') break;
    await track(nameOf(job, frame, step), async (number) => {
      const actionId =
        step.id ?? (step.uses === undefined ? '__run' : `__${step.uses.replace(/@.*/, '').replaceAll('/', '_')}`);
      const { conclusion } = await runStep(job, frame, step, {
        number,
        actionId: step.id ?? (index === 0 ? actionId : `${actionId}_${index + 1}`),
        signal: nextSignal(),
      });
      job.hasFailed = frame.hasFailed;
      return conclusion;
    });
  }
  for (const post of job.posts.splice(0).toReversed())
    await track(post.name, async (number) => {
      if (!post.isWanted()) return 'skipped';
      const outcome = await post.run(number, nextSignal());
      if (outcome === 'failure') job.hasFailed = true;
      return outcome;
    });
  await track('Complete job', async () => 'success');
  finish(job, frame);
}

/** Numbers the steps and reports when each begins and ends. */
function createTracker(job: JobRun) {
  let number = 0;
  return async (name: string, run: (number: number) => Promise<Outcome>): Promise<Outcome> => {
    number += 1;
    const record: StepRecord = {
      number,
      name: job.masker.mask(name),
      status: 'in_progress',
      conclusion: null,
      startedAt: new Date().toISOString(),
      completedAt: null,
    };
    job.report(record);
    let outcome: Outcome;
    try {
      outcome = await run(number);
    } catch (fault) {
      reportFault(job, number, fault);
      job.hasFailed = true;
      outcome = 'failure';
    }
    job.report({ ...record, status: 'completed', conclusion: outcome, completedAt: new Date().toISOString() });
    return outcome;
  };
}

/** Finds every action before the first step runs, so that a refused one costs nothing, and evaluates the job's `env`. */
async function setUp(job: JobRun, frame: Frame, number: number): Promise<Outcome> {
  const { message, facts } = job;
  job.log(number, `Current runner: '${facts.name}' (${facts.os}, ${facts.arch}, Node ${process.versions.node})`);
  job.log(number, '##[group]GITHUB_TOKEN Permissions');
  for (const [name, access] of Object.entries(message.permissions).toSorted()) job.log(number, `${name}: ${access}`);
  job.log(number, '##[endgroup]');
  const findActions = (steps: readonly Step[], isOurs: boolean, depth: number): void => {
    for (const { uses } of steps) {
      if (uses === undefined || uses.startsWith('./')) continue;
      const place = resolveUses(uses, { actionsRoot: job.actionsRoot, workspace: job.folders.workspace, isOurs });
      const { runs } = readAction(place.folder, uses);
      if (depth === 0) job.log(number, `Prepared action '${uses}'`);
      if (runs.using === 'composite' && depth < 10) findActions(runs.steps, place.isOurs, depth + 1);
    }
  };
  findActions(message.steps, false, 0);
  for (const declared of message.env) {
    const scope = stepScope(job, frame, job.env, '');
    Object.assign(job.env, evaluateTexts(declared, scope));
  }
  return 'success';
}

function nameOf(job: JobRun, frame: Frame, step: Step): string {
  try {
    if (step.name !== undefined) return evaluateText(step.name, stepScope(job, frame, job.env, step.id ?? ''));
  } catch {
    // The step itself will report the fault.
    return String(step.name);
  }
  const [first = ''] = String(step.run ?? step.uses ?? '')
    .trim()
    .split('\n');
  return `Run ${first}`;
}

function finish(job: JobRun, frame: Frame): void {
  const { message, masker } = job;
  const scope = stepScope(job, frame, job.env, '');
  let outputs: Record<string, string> = {};
  let environmentUrl: string | null = null;
  try {
    outputs = evaluateTexts(message.outputs, scope);
    environmentUrl = message.environmentUrl === null ? null : evaluateText(message.environmentUrl, scope);
  } catch (fault) {
    reportFault(job, 0, fault);
    job.hasFailed = true;
  }
  const kept = Object.entries(outputs).filter(([name, value]) => {
    if (!masker.reveals(value)) return true;
    job.log(0, `##[warning]Skip output '${name}' since it may contain secret.`);
    return false;
  });
  job.send({
    kind: 'complete',
    job: message.id,
    conclusion: jobStatus(job),
    outputs: Object.fromEntries(kept),
    environmentUrl,
  });
}

async function openJob(message: JobMessage, { work, actionsRoot, facts, send }: JobSurroundings): Promise<JobRun> {
  const masker = createMasker();
  for (const secret of Object.values(message.contexts.secrets)) masker.add(String(secret));
  masker.add(message.runtime.token);
  // Contexts do not change while the job runs; frozen ones are converted for expressions once.
  for (const context of Object.values(message.contexts)) if (context !== null) Object.freeze(context);
  Object.freeze(message.contexts.github.event);
  const id = message.id;
  let lines = 0;
  return {
    message,
    folders: await prepareFolders(work, message),
    facts,
    actionsRoot,
    env: {},
    path: [],
    masker,
    posts: [],
    groups: new Set(),
    isCancelled: false,
    hasFailed: false,
    send,
    log(step, text) {
      lines += 1;
      if (lines > maxLines + 1) return;
      for (const line of masker.mask(text).split(/\r?\n/))
        send({ kind: 'log', job: id, step, at: new Date().toISOString(), text: line });
    },
    report: (step) => send({ kind: 'step', job: id, step }),
    annotate: (_step, annotation) =>
      send({
        kind: 'annotation',
        job: id,
        annotation: {
          ...annotation,
          message: masker.mask(annotation.message),
          title: masker.mask(annotation.title),
        },
      }),
    summarize: (step, text) => send({ kind: 'summary', job: id, step, text: masker.mask(text) }),
  };
}
