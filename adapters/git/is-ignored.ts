import { GitFailed, runGit } from './run-git.ts';

/** True when git leaves a path out of commits by its ignore rules, false outside a repository. */
export async function isIgnored(directory: string, path: string): Promise<boolean> {
  try {
    await runGit(directory, ['check-ignore', '--quiet', '--', path]);
    return true;
  } catch (thrown) {
    if (thrown instanceof GitFailed) return false;
    throw thrown;
  }
}
