import { runGit } from './run-git.ts';

/**
 * A commit of the tracked files as they lie in a checkout, which it leaves alone: `HEAD` when nothing differs, else one that
 * no branch names.
 */
export async function snapshot(directory: string): Promise<string> {
  const stashed = (await runGit(directory, ['stash', 'create'])).toString().trim();
  if (stashed !== '') return stashed;
  return (await runGit(directory, ['rev-parse', '--verify', 'HEAD'])).toString().trim();
}
