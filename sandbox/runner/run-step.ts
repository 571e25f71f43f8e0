import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Scope } from '../workflows/expressions/evaluate-expression.ts';
import {
  evaluateIf,
  evaluateTemplate,
  evaluateText,
  evaluateTexts,
} from '../workflows/expressions/evaluate-template.ts';
import type { Json } from '../workflows/expressions/json.ts';
import { runDefaultsSchema, type Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun, Outcome, StepResult } from './job-run.ts';
import { prepareShellStep } from './prepare-shell-step.ts';
import { reportFault } from './report-fault.ts';
import { runAction } from './run-action.ts';
import { runStepProcess } from './run-step-process.ts';
import { stepEnvironment } from './step-environment.ts';
import { stepScope } from './step-scope.ts';

const flagSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/**
 * Runs one step of a job or a composite action: condition, environment, process or action, time limit, result. Its log
 * goes to step `number`. A failure marks the list it belongs to, unless it is tolerated.
 */
export async function runStep(
  job: JobRun,
  frame: Frame,
  step: Step,
  { number, actionId, signal }: { number: number; actionId: string; signal: AbortSignal },
): Promise<StepResult> {
  let result: StepResult;
  try {
    const env = { ...job.env, ...frame.env };
    const outer = stepScope(job, frame, env, actionId);
    if (!evaluateIf(step.if, outer))
      return settle(frame, step, { outputs: {}, outcome: 'skipped', conclusion: 'skipped' });
    const own = evaluateTexts(step.env, outer);
    const scope = stepScope(job, frame, { ...env, ...own }, actionId);
    const isTolerated = flagSchema.parse(evaluateTemplate(step['continue-on-error'] ?? false, scope));
    const { outcome, outputs } = await withTimeLimit(job, step, scope, number, signal, (limited) =>
      execute(job, frame, step, { number, actionId, signal: limited, scope, env: { ...env, ...own } }),
    );
    const conclusion = outcome === 'failure' && isTolerated ? 'success' : outcome;
    result = { outputs, outcome, conclusion };
  } catch (fault) {
    reportFault(job, number, fault);
    result = { outputs: {}, outcome: 'failure', conclusion: 'failure' };
  }
  return settle(frame, step, result);
}

function settle(frame: Frame, step: Step, result: StepResult): StepResult {
  if (step.id !== undefined) frame.results.set(step.id, result);
  if (result.conclusion === 'failure') frame.hasFailed = true;
  return result;
}

type Execution = { outcome: Outcome; outputs: Record<string, string> };

async function withTimeLimit(
  job: JobRun,
  step: Step,
  scope: Scope,
  number: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Execution>,
): Promise<Execution> {
  if (step['timeout-minutes'] === undefined) return run(signal);
  const minutes = z.coerce.number().positive().parse(evaluateTemplate(step['timeout-minutes'], scope));
  const limit = AbortSignal.timeout(minutes * 60_000);
  const { outputs, outcome } = await run(AbortSignal.any([signal, limit]));
  if (!limit.aborted || job.isCancelled) return { outputs, outcome };
  reportFault(job, number, new Error(`The action has timed out after ${minutes} minutes.`));
  return { outputs, outcome: 'failure' };
}

async function execute(
  job: JobRun,
  frame: Frame,
  step: Step,
  context: { number: number; actionId: string; signal: AbortSignal; scope: Scope; env: Record<string, string> },
): Promise<Execution> {
  const { number, actionId, signal, scope, env } = context;
  if (step.uses !== undefined) return runAction(job, frame, step, { ...context, uses: step.uses });
  if (step.run === undefined)
    throw new PulltrainError('step-refused', {
      what: 'this runner does not know the kind of step',
      allowed: 'run, uses',
    });
  const script = evaluateText(step.run, scope);
  const defaults = frame.action === null ? readDefaults(job.message.defaults, scope) : { shell: null, directory: null };
  const text = (value: Json | undefined) => (value === undefined ? null : evaluateText(value, scope));
  const command = await prepareShellStep(job, {
    script,
    shell: text(step.shell) ?? defaults.shell,
    directory: text(step['working-directory']) ?? defaults.directory,
  });
  showCommand(job, number, script, command.shown, env);
  const { exitCode, outputs } = await runStepProcess(job, number, {
    ...command,
    env: stepEnvironment(job, frame, env, actionId),
    signal,
  });
  if (exitCode === 0) return { outcome: 'success', outputs };
  if (job.isCancelled) return { outcome: 'cancelled', outputs };
  reportFault(job, number, new Error(`Process completed with exit code ${exitCode}.`));
  return { outcome: 'failure', outputs };
}

function showCommand(job: JobRun, number: number, script: string, shell: string, env: Record<string, string>): void {
  const lines = script.trimEnd().split('\n');
  job.log(number, `##[group]Run ${lines[0] ?? ''}`);
  for (const line of lines) job.log(number, line);
  job.log(number, `shell: ${shell}`);
  if (Object.keys(env).length > 0) job.log(number, 'env:');
  for (const [name, value] of Object.entries(env)) job.log(number, `  ${name}: ${value}`);
  job.log(number, '##[endgroup]');
}

/** `defaults.run` of the workflow, overlaid by the job's. */
function readDefaults(declared: readonly Json[], scope: Scope): { shell: string | null; directory: string | null } {
  const runs = declared.map((value) => runDefaultsSchema.parse(value ?? {}).run ?? {});
  const last = (name: 'shell' | 'working-directory') => {
    const value = runs.findLast((run) => run[name] !== undefined)?.[name];
    return value === undefined ? null : evaluateText(value, scope);
  };
  return { shell: last('shell'), directory: last('working-directory') };
}
