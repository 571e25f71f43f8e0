import type { HeadCommit } from './records.ts';
import { runGit } from './run-git.ts';

/** The commit a run is listed under, or null when the repository does not have it (any more). */
export async function readHeadCommit(directory: string, sha: string): Promise<HeadCommit | null> {
  const format = ['%H', '%T', '%aI', '%an', '%ae', '%cn', '%ce', '%B'].join('%x00');
  const text = await runGit(directory, ['log', '-1', `--format=${format}`, sha]).catch(() => null);
  if (text === null) return null;
  const [
    id = '',
    tree = '',
    timestamp = '',
    author = '',
    authorEmail = '',
    committer = '',
    committerEmail = '',
    message = '',
  ] = text.split('\0');
  return {
    id,
    tree_id: tree,
    message: message.trim(),
    timestamp,
    author: { name: author, email: authorEmail },
    committer: { name: committer, email: committerEmail },
  };
}
