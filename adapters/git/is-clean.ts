import { runGit } from './run-git.ts';

/** True when no tracked file differs from `HEAD`; files that git does not know do not count. */
export async function isClean(directory: string): Promise<boolean> {
  return (await runGit(directory, ['status', '--porcelain', '-z', '--untracked-files=no'])).length === 0;
}
