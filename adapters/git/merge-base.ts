import { GitFailed, runGit } from './run-git.ts';

/** The best common ancestor of two commits, or null when they share none. */
export async function mergeBase(directory: string, left: string, right: string): Promise<string | null> {
  try {
    const out = await runGit(directory, ['merge-base', '--end-of-options', left, right]);
    return out.toString().trim() || null;
  } catch (thrown) {
    // Git ends with 1 and says nothing when there is no common ancestor.
    if (thrown instanceof GitFailed && thrown.exitCode === 1) return null;
    throw thrown;
  }
}
