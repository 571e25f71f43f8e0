import { GitFailed, runGit } from './run-git.ts';

/** How many files at or below a path git keeps itself; none outside a repository. */
export async function trackedBelow(directory: string, path: string): Promise<number> {
  try {
    const listed = await runGit(directory, ['--literal-pathspecs', 'ls-files', '-z', '--', path]);
    return listed.toString().split('\0').length - 1;
  } catch (thrown) {
    if (thrown instanceof GitFailed) return 0;
    throw thrown;
  }
}
