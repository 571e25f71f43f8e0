import { runGit } from './run-git.ts';

/** The tree of a commit: the same for any two commits with the same files. */
export async function treeOf(directory: string, revision: string): Promise<string> {
  const out = await runGit(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{tree}`]);
  return out.toString().trim();
}
