import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { evaluateIf } from '../workflows/expressions/evaluate-template.ts';
import type { Frame, JobRun } from './job-run.ts';
import type { ActionManifest } from './read-action.ts';
import { type ProcessResult, runStepProcess } from './run-step-process.ts';
import { stepEnvironment } from './step-environment.ts';
import { stepScope } from './step-scope.ts';

export type NodeAction = {
  folder: string;
  uses: string;
  runs: Extract<ActionManifest['runs'], { main: string }>;
  inputs: Record<string, string>;
  env: Record<string, string>;
  actionId: string;
  name: string;
};

/** Runs the main program of a JavaScript action; what it leaves for the end of the job is noted before it starts. */
export async function runNodeAction(
  job: JobRun,
  frame: Frame,
  step: number,
  action: NodeAction,
  saved: Record<string, string>,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const state = { ...saved };
  const { post } = action.runs;
  if (post !== undefined)
    job.posts.push({
      name: `Post ${action.name}`,
      isWanted: () => evaluateIf(action.runs['post-if'], stepScope(job, frame, action.env, action.actionId)),
      run: async (number, postSignal) => {
        const { exitCode } = await runScript(job, frame, number, action, post, state, postSignal);
        return exitCode === 0 ? 'success' : 'failure';
      },
    });
  const result = await runScript(job, frame, step, action, action.runs.main, state, signal);
  Object.assign(state, result.state);
  return result;
}

/** Runs one script of a JavaScript action, `pre`, `main` or `post`. */
export async function runScript(
  job: JobRun,
  frame: Frame,
  step: number,
  action: NodeAction,
  script: string,
  state: Record<string, string>,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const file = join(action.folder, script);
  if (!existsSync(file))
    throw new PulltrainError('action-missing', {
      what: 'the program of the action is not there',
      where: action.uses,
      seen: file,
      cure: 'Bundle the actions first (npm run build).',
    });
  const variables = (prefix: string, values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, value]) => [name.replaceAll(' ', '_').toUpperCase(), value]),
  );
  return runStepProcess(job, step, {
    command: process.execPath,
    args: [file],
    cwd: job.folders.workspace,
    signal,
    env: {
      ...stepEnvironment(job, frame, action.env, action.actionId),
      ...variables('INPUT_', inputs),
      ...variables('STATE_', state),
      // Actions, not scripts, may hand over artifacts: GitHub gives them its own service under these names.
      ACTIONS_RUNTIME_URL: job.message.runtime.url,
      ACTIONS_RUNTIME_TOKEN: job.message.runtime.token,
    },
  });
}
