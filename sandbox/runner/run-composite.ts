import { evaluateText } from '../workflows/expressions/evaluate-template.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun, Outcome } from './job-run.ts';
import type { OpenedAction } from './open-action.ts';
import type { ActionContext } from './run-action.ts';
import { runStep } from './run-step.ts';
import { stepScope } from './step-scope.ts';

/** Composite actions nest this deep on GitHub. */
const maxDepth = 10;

/** Runs the steps of a composite action, all in the log of the step that uses it. */
export async function runComposite(
  job: JobRun,
  { folder, isOurs, inputs, manifest, steps }: OpenedAction & { steps: readonly Step[] },
  { number, actionId, signal, env }: ActionContext,
): Promise<{ outcome: Outcome; outputs: Record<string, string> }> {
  if (actionId.split('/').length > maxDepth) throw new Error(`Composite actions nest deeper than ${maxDepth} levels.`);
  const frame: Frame = { results: new Map(), hasFailed: false, inputs: { ...inputs }, env, action: { folder, isOurs } };
  // The job's environment may grow while the steps run, and what it gains goes over what the caller had.
  const before = { ...job.env };
  for (const [index, step] of steps.entries()) {
    frame.env = { ...env, ...changes(before, job.env) };
    await runStep(job, frame, step, { number, actionId: `${actionId}/${step.id ?? index + 1}`, signal });
  }
  const scope = stepScope(job, frame, frame.env, actionId);
  const outputs = Object.fromEntries(
    Object.entries(manifest.outputs).map(([name, output]) => [name, evaluateText(output?.value ?? '', scope)]),
  );
  if (job.isCancelled) return { outcome: 'cancelled', outputs };
  return { outcome: frame.hasFailed ? 'failure' : 'success', outputs };
}

function changes(before: Record<string, string>, after: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
}
