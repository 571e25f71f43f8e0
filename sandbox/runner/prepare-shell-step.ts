import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { JobRun } from './job-run.ts';

/** How a shell runs a script file, as GitHub's runner does. */
const shells: Record<string, readonly string[]> = {
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
  sh: ['sh', '-e'],
};
/** Without `shell:` GitHub uses bash without pipefail. */
const unnamedShell = ['bash', '-e'];

export type ShellCommand = { command: string; args: string[]; cwd: string; shown: string };

let counter = 0;

/** Writes a step's script to a file and says how to run it. Throws `shell-refused` for another shell. */
export async function prepareShellStep(
  job: JobRun,
  { script, shell, directory }: { script: string; shell: string | null; directory: string | null },
): Promise<ShellCommand> {
  const [command, ...options] = (shell === null ? unnamedShell : shells[shell]) ?? [];
  if (command === undefined)
    throw new PulltrainError('shell-refused', {
      what: 'this runner does not have the shell',
      where: `shell: ${shell}`,
      allowed: Object.keys(shells).join(', '),
    });
  counter += 1;
  const file = join(job.folders.temp, `step-${counter}.sh`);
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`);
  return {
    command,
    args: [...options, file],
    cwd: resolve(job.folders.workspace, directory ?? '.'),
    shown: [command, ...options, '{0}'].join(' '),
  };
}
