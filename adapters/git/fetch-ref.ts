import { headSha } from './head-sha.ts';
import { runGit } from './run-git.ts';

export type FetchOptions = { remote?: string; token?: string; depth?: number };

/**
 * Fetches a ref or a full commit sha from a remote (`origin` unless told) and returns the commit. Checks nothing out. The token
 * travels as a header given through git's environment, so that it is in no argument, file or message.
 */
export async function fetchRef(directory: string, ref: string, options: FetchOptions = {}): Promise<string> {
  const { remote = 'origin', token, depth } = options;
  const limits = depth === undefined ? [] : [`--depth=${depth}`];
  await runGit(
    directory,
    [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-commit-graph',
      ...limits,
      '--end-of-options',
      remote,
      ref,
    ],
    authorization(token),
  );
  return headSha(directory, 'FETCH_HEAD');
}

/** Environment of a git command that speaks to GitHub with this token; nothing without one. */
export function authorization(token: string | undefined): Record<string, string> {
  if (token === undefined || token === '') return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  // An empty value first clears headers that a checkout step may have left in the repository's configuration.
  return {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: 'http.extraHeader',
    GIT_CONFIG_VALUE_1: `Authorization: Basic ${basic}`,
  };
}
