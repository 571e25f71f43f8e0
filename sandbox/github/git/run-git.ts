import { spawn } from 'node:child_process';
import { PulltrainError } from '../../../pipelines/errors.ts';

export type GitResult = { code: number; stdout: Buffer; stderr: string };

/** Keeps a person's own git configuration and hooks out of the server's repositories. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

/**
 * Runs git plumbing in a bare repository. Exit codes above `highestCode` (default 0) throw `git-failed`.
 */
export function runGit(
  directory: string,
  args: readonly string[],
  options: { input?: string | Buffer; highestCode?: number } = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: directory, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {});
    child.on('error', (cause) => {
      reject(new PulltrainError('git-missing', { what: 'git could not be started', cure: 'Install git.', cause }));
    });
    child.on('close', (code) => {
      const result = { code: code ?? 255, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString().trim() };
      if (result.code <= (options.highestCode ?? 0)) resolve(result);
      else
        reject(
          new PulltrainError('git-failed', { what: `git ${args[0]} failed`, where: directory, seen: result.stderr }),
        );
    });
    child.stdin.end(options.input ?? '');
  });
}
