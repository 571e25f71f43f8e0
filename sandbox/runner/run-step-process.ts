import { openCommandFiles } from './command-files.ts';
import type { JobRun } from './job-run.ts';
import { listenToOutput } from './listen-to-output.ts';
import { runProcess } from './run-process.ts';

export type ProcessResult = { exitCode: number; outputs: Record<string, string>; state: Record<string, string> };

/** Runs one process of a step with its command files and log commands. */
export async function runStepProcess(
  job: JobRun,
  step: number,
  start: { command: string; args: readonly string[]; cwd: string; env: Record<string, string>; signal: AbortSignal },
): Promise<ProcessResult> {
  const files = await openCommandFiles(job);
  const listener = listenToOutput(job, step);
  const exitCode = await runProcess({
    ...start,
    env: { ...start.env, ...files.env },
    onLine: listener.onLine,
    onGroup: (group) => job.groups.add(group),
  });
  const { outputs, state } = await files.collect(step);
  return { exitCode, outputs: { ...listener.outputs, ...outputs }, state: { ...listener.state, ...state } };
}
