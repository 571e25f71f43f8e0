import { evaluateIf, evaluateText, evaluateTexts } from '../workflows/expressions/evaluate-template.ts';
import type { FromRunner, JobMessage } from '../workflows/model/wire.ts';
import type { Step } from '../workflows/model/workflow.ts';
import { endProcesses } from './end-processes.ts';
import type { Frame, JobRun } from './job-run.ts';
import { type JobSurroundings, openJob } from './open-job.ts';
import { reportFault } from './report-fault.ts';
import { runPre } from './run-action.ts';
import { killGroup } from './run-process.ts';
import { runStep } from './run-step.ts';
import { type PreStep, setUpJob } from './set-up-job.ts';
import { jobStatus, stepScope } from './step-scope.ts';
import { type StepTracker, trackSteps } from './track-steps.ts';

/** GitHub lets steps that run in spite of a cancellation go on for this long. */
const cancelLimitMs = 5 * 60_000;

type Completion = Omit<Extract<FromRunner, { kind: 'complete' }>, 'kind' | 'job'>;
export type RunningJob = {
  cancel(): void;
  /** Ends its processes at once, without a word to them or to the server. */
  kill(): void;
};

/** Runs a job: sets it up, runs its steps one after the other, then what they left for the end, and reports. */
export function runJob(message: JobMessage, surroundings: JobSurroundings): RunningJob {
  let controller = new AbortController();
  let job: JobRun | null = null;
  let isCancelled = false;
  let isOver = false;
  let over: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    isCancelled = true;
    if (job !== null) job.isCancelled = true;
    controller.abort();
    over ??= setTimeout(() => {
      isOver = true;
      controller.abort();
    }, cancelLimitMs);
  };
  // Steps that run although the job was cancelled must not be stopped by the same signal.
  const nextSignal = (): AbortSignal => {
    if (controller.signal.aborted && !isOver) controller = new AbortController();
    return controller.signal;
  };
  const run = async (): Promise<Completion> => {
    job = await openJob(message, surroundings);
    job.isCancelled = isCancelled;
    const limit = startTimeLimit(job, message.timeoutMinutes, cancel);
    try {
      return await runPhases(job, nextSignal);
    } finally {
      clearTimeout(limit);
      clearTimeout(over);
      await endProcesses(job.groups, surroundings.work);
    }
  };
  run()
    .catch((fault: unknown): Completion => {
      if (job !== null) reportFault(job, 0, fault);
      return { conclusion: 'failure', outputs: {}, environmentUrl: null };
    })
    // Last of all: with it the runner is free for the next job.
    .then((completion) => surroundings.send({ kind: 'complete', job: message.id, ...completion }));
  return {
    cancel,
    kill: () => {
      for (const group of job?.groups ?? []) killGroup(group, 'SIGKILL');
    },
  };
}

function startTimeLimit(job: JobRun, minutes: number, cancel: () => void): NodeJS.Timeout {
  const limit = () => {
    reportFault(job, 0, new Error(`The job has exceeded the maximum execution time of ${minutes} minutes.`));
    cancel();
  };
  return setTimeout(limit, Math.min(minutes * 60_000, 2 ** 31 - 1));
}

async function runPhases(job: JobRun, nextSignal: () => AbortSignal): Promise<Completion> {
  const frame: Frame = { results: new Map(), hasFailed: false, inputs: null, env: {}, action: null };
  const track = trackSteps(job);
  let pres: PreStep[] = [];
  const setUp = await track('Set up job', async (number) => {
    pres = setUpJob(job, frame, number);
    return 'success';
  });
  if (setUp === 'success') await runSteps(job, frame, { pres, track, nextSignal });
  for (const post of job.posts.splice(0).toReversed())
    await track(post.name, async (number) => {
      if (!post.isWanted()) return 'skipped';
      const outcome = await post.run(number, nextSignal());
      if (outcome === 'failure') job.hasFailed = true;
      return outcome;
    });
  await track('Complete job', async () => 'success');
  return complete(job, frame);
}

async function runSteps(
  job: JobRun,
  frame: Frame,
  { pres, track, nextSignal }: { pres: readonly PreStep[]; track: StepTracker; nextSignal: () => AbortSignal },
): Promise<void> {
  const { steps } = job.message;
  const fail = (hasFailed: boolean) => {
    frame.hasFailed ||= hasFailed;
    job.hasFailed = frame.hasFailed;
  };
  for (const { step, uses, condition } of pres) {
    const actionId = actionIdOf(step, steps.indexOf(step));
    const outcome = await track(`Pre ${nameOf(job, frame, step)}`, async (number) => {
      const scope = stepScope(job, frame, job.env, actionId);
      if (!evaluateIf(condition, scope)) return 'skipped';
      return runPre(job, frame, step, { uses, number, actionId, signal: nextSignal(), scope, env: job.env });
    });
    fail(outcome === 'failure');
  }
  for (const [index, step] of steps.entries())
    await track(nameOf(job, frame, step), async (number) => {
      const actionId = actionIdOf(step, index);
      const { conclusion } = await runStep(job, frame, step, { number, actionId, signal: nextSignal() });
      fail(conclusion === 'failure');
      return conclusion;
    });
}

/** The value of GITHUB_ACTION. */
function actionIdOf(step: Step, index: number): string {
  if (step.id !== undefined) return step.id;
  const kind = step.uses === undefined ? '__run' : `__${step.uses.replace(/@.*/, '').replaceAll('/', '_')}`;
  return index === 0 ? kind : `${kind}_${index + 1}`;
}

function nameOf(job: JobRun, frame: Frame, step: Step): string {
  const [first = ''] = String(step.run ?? step.uses ?? '')
    .trim()
    .split('\n');
  if (step.name === undefined) return `Run ${first}`;
  try {
    return evaluateText(step.name, stepScope(job, frame, job.env, step.id ?? ''));
  } catch {
    // The step itself will report the fault.
    return String(step.name);
  }
}

function complete(job: JobRun, frame: Frame): Completion {
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
  return { conclusion: jobStatus(job), outputs: Object.fromEntries(kept), environmentUrl };
}
