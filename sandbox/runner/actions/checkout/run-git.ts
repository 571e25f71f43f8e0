import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PulltrainError } from '../../../../pipelines/errors.ts';

const execute = promisify(execFile);

/** The git setting that sends a token to one server. */
export function authorization(url: string, token: string): { key: string; value: string } {
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { key: `http.${new URL(url).origin}/.extraheader`, value: `AUTHORIZATION: basic ${credential}` };
}

/** Standard output of a git command, trimmed. The setting is passed by environment, so that no process list shows it. */
export async function runGit(
  folder: string,
  args: readonly string[],
  setting?: { key: string; value: string },
): Promise<string> {
  const extra =
    setting === undefined
      ? {}
      : { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: setting.key, GIT_CONFIG_VALUE_0: setting.value };
  try {
    const { stdout } = await execute('git', [...args], {
      cwd: folder,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', ...extra },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (cause) {
    const seen = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new PulltrainError('git-failed', { what: `git ${args.find((word) => !word.startsWith('-'))} failed`, seen });
  }
}
