import type { Scope } from '../workflows/expressions/evaluate-expression.ts';
import { evaluateText, evaluateTexts } from '../workflows/expressions/evaluate-template.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun, Outcome } from './job-run.ts';
import { type ActionManifest, readAction } from './read-action.ts';
import { resolveUses } from './resolve-uses.ts';
import { runNodeAction } from './run-node-action.ts';
import { runStep } from './run-step.ts';
import { stepScope } from './step-scope.ts';

type Execution = { outcome: Outcome; outputs: Record<string, string> };
type Context = {
  uses: string;
  number: number;
  actionId: string;
  signal: AbortSignal;
  scope: Scope;
  env: Record<string, string>;
};

/** Runs what a step `uses`. */
export async function runAction(job: JobRun, frame: Frame, step: Step, context: Context): Promise<Execution> {
  const { uses, number, actionId, signal, scope, env } = context;
  const place = resolveUses(uses, {
    actionsRoot: job.actionsRoot,
    workspace: job.folders.workspace,
    isOurs: frame.action?.isOurs ?? false,
  });
  const manifest = readAction(place.folder, uses);
  const given = evaluateTexts(step.with, scope);
  const inputs = readInputs(job, number, manifest, given, scope);
  const name = step.name === undefined ? `Run ${uses}` : evaluateText(step.name, scope);
  job.log(number, `##[group]Run ${uses}`);
  for (const [key, value] of Object.entries(given)) job.log(number, `  ${key}: ${value}`);
  job.log(number, '##[endgroup]');
  if (manifest.runs.using === 'composite') return runComposite(job, manifest, { ...context, inputs, place });
  const { exitCode, outputs } = await runNodeAction(
    job,
    frame,
    number,
    { folder: place.folder, uses, runs: manifest.runs, inputs, env, actionId, name },
    signal,
  );
  if (exitCode === 0) return { outcome: 'success', outputs };
  if (job.isCancelled) return { outcome: 'cancelled', outputs };
  job.log(number, `##[error]The action exited with code ${exitCode}.`);
  return { outcome: 'failure', outputs };
}

/** Given inputs over declared defaults; one the action does not declare is passed on with GitHub's warning. */
export function readInputs(
  job: JobRun,
  number: number,
  manifest: ActionManifest,
  given: Record<string, string>,
  scope: Scope,
): Record<string, string> {
  const declared = Object.entries(manifest.inputs);
  const known = new Map(declared.map(([name]) => [name.toLowerCase(), name]));
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0) {
    const quote = (names: string[]) => names.map((name) => `'${name}'`).join(', ');
    const message = `Unexpected input(s) ${quote(unknown)}, valid inputs are [${quote([...known.values()])}]`;
    job.log(number, `##[warning]${message}`);
    job.annotate(number, { level: 'warning', message, title: '', path: '.github', startLine: 1, endLine: 1 });
  }
  const defaults = declared
    .filter(([, input]) => input?.default !== undefined)
    .map(([name, input]) => [name, evaluateText(input?.default ?? '', scope)]);
  const own = Object.entries(given).map(([name, value]) => [known.get(name.toLowerCase()) ?? name, value]);
  return Object.fromEntries([...defaults, ...own]);
}

async function runComposite(
  job: JobRun,
  manifest: ActionManifest,
  context: Context & { inputs: Record<string, string>; place: { folder: string; isOurs: boolean } },
): Promise<Execution> {
  if (manifest.runs.using !== 'composite') return { outcome: 'failure', outputs: {} };
  const { number, actionId, signal, env, inputs, place } = context;
  const frame: Frame = { results: new Map(), hasFailed: false, inputs: { ...inputs }, env, action: place };
  // The job's environment may grow while the steps run, and what it gains goes over what the caller had.
  const before = { ...job.env };
  for (const [index, step] of manifest.runs.steps.entries()) {
    frame.env = { ...env, ...changes(before, job.env) };
    await runStep(job, frame, step, { number, actionId: step.id ?? `${actionId}_${index + 1}`, signal });
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
