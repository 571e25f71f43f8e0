import { fetchRef } from './fetch-ref.ts';
import { runGit } from './run-git.ts';

/**
 * Commits before this one along first parents, the nearest first, `most` at most. What a shallow checkout lacks of them is
 * fetched. Throws `git-failed`.
 */
export async function firstParents(
  directory: string,
  commit: string,
  { most, token }: { most: number; token?: string },
): Promise<string[]> {
  await fetchRef(directory, commit, { depth: most + 1, ...(token === undefined ? {} : { token }) });
  const args = ['rev-list', '--first-parent', `--max-count=${most + 1}`, '--end-of-options', commit];
  const [, ...before] = (await runGit(directory, args)).toString().trim().split('\n');
  return before;
}
