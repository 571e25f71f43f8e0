import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';

const execute = promisify(execFile);

/** Git ran and refused; `exitCode` is what it ended with, null when it was killed. */
export class GitFailed extends PulltrainError {
  readonly exitCode: number | null;

  constructor(directory: string, args: readonly string[], exitCode: number | null, said: string) {
    super('git-failed', {
      what: `git ${args.join(' ')} failed`,
      where: directory,
      seen: said.trim().split('\n').slice(-3).join(' / ') || `exit ${exitCode}`,
    });
    this.exitCode = exitCode;
  }
}

/**
 * Standard output of one git command, as bytes. Git asks nobody for passwords, reads no system configuration of its own
 * accord beyond `safe.directory`, and writes English. Throws `git-missing` when there is no git, else `git-failed` with
 * what git said; a token given by `environment` is never part of either.
 */
export async function runGit(
  directory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  try {
    const { stdout } = await execute('git', [...args], {
      cwd: directory,
      encoding: 'buffer',
      maxBuffer: 1024 ** 3,
      env: { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', ...environment },
    });
    return stdout;
  } catch (cause) {
    throw explain(cause, directory, args);
  }
}

function explain(cause: unknown, directory: string, args: readonly string[]): PulltrainError {
  const { code, stderr, errno } = factsOf(cause);
  if (code === 'ENOENT' && errno !== undefined) return gitMissing(cause);
  return new GitFailed(directory, args, typeof code === 'number' ? code : null, stderr);
}

/** Git itself cannot be started. A working directory that is not there looks the same to the system. */
export function gitMissing(cause: unknown): PulltrainError {
  return new PulltrainError('git-missing', {
    what: 'git could not be started: it is not on the PATH, or the directory is not there',
    cure: 'Install git (https://git-scm.com) and try again.',
    cause,
  });
}

function factsOf(cause: unknown): { code: unknown; errno: unknown; stderr: string } {
  if (!(cause instanceof Error)) return { code: undefined, errno: undefined, stderr: '' };
  return {
    code: 'code' in cause ? cause.code : undefined,
    errno: 'errno' in cause ? cause.errno : undefined,
    stderr: 'stderr' in cause ? String(cause.stderr) : '',
  };
}
