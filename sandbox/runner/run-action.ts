import type { Scope } from '../workflows/expressions/evaluate-expression.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun, Outcome } from './job-run.ts';
import { openAction } from './open-action.ts';
import { runComposite } from './run-composite.ts';
import { runNodeAction, runScript } from './run-node-action.ts';

export type ActionContext = {
  uses: string;
  number: number;
  actionId: string;
  signal: AbortSignal;
  scope: Scope;
  env: Record<string, string>;
};

/** Runs what a step `uses`. */
export async function runAction(
  job: JobRun,
  frame: Frame,
  step: Step,
  context: ActionContext,
): Promise<{ outcome: Outcome; outputs: Record<string, string> }> {
  const { uses, number, actionId, signal, env } = context;
  const action = openAction(job, frame, step, context);
  const { runs } = action.manifest;
  job.log(number, `##[group]Run ${uses}`);
  for (const [key, value] of Object.entries(action.given)) job.log(number, `  ${key}: ${value}`);
  job.log(number, '##[endgroup]');
  if (runs.using === 'composite') return runComposite(job, { ...action, steps: runs.steps }, context);
  if (runs.pre !== undefined && uses.startsWith('./'))
    job.log(
      number,
      `##[warning]The pre program of ${uses} does not run: GitHub has none for actions of the workspace.`,
    );
  const state = job.states.get(step) ?? {};
  const { exitCode, outputs } = await runNodeAction(
    job,
    frame,
    number,
    { ...action, runs, env, actionId },
    state,
    signal,
  );
  if (exitCode === 0) return { outcome: 'success', outputs };
  if (job.isCancelled) return { outcome: 'cancelled', outputs };
  job.log(number, `##[error]The action exited with code ${exitCode}.`);
  return { outcome: 'failure', outputs };
}

/** Runs the `pre` program of a JavaScript action; what it saves reaches its main and post programs. */
export async function runPre(job: JobRun, frame: Frame, step: Step, context: ActionContext): Promise<Outcome> {
  const { number, actionId, signal, env } = context;
  const action = openAction(job, frame, step, context);
  const { runs } = action.manifest;
  if (runs.using === 'composite' || runs.pre === undefined) return 'skipped';
  const started = { ...action, runs, env, actionId };
  const { exitCode, state } = await runScript(job, frame, number, started, runs.pre, {}, signal);
  job.states.set(step, state);
  if (exitCode === 0) return 'success';
  return job.isCancelled ? 'cancelled' : 'failure';
}
