import { runGit } from './run-git.ts';

export type ListedCommit = { sha: string; at: string; author: string; subject: string };

/** Commits before a revision that touch these pathspecs, the newest first, along the first parents of merges too. */
export async function listCommits(
  directory: string,
  revision: string,
  { paths, limit }: { paths: readonly string[]; limit: number },
): Promise<ListedCommit[]> {
  const format = '--format=%H%x00%cI%x00%an%x00%s%x1e';
  const args = ['log', `--max-count=${limit}`, format, '--end-of-options', revision, '--', ...paths];
  const text = (await runGit(directory, args)).toString();
  return text
    .split('\x1e')
    .map((entry) => entry.trim().split('\0'))
    .flatMap(([sha = '', at = '', author = '', subject = '']) => (sha === '' ? [] : [{ sha, at, author, subject }]));
}
