import { PulltrainError } from '../../pipelines/errors.ts';
import type { TreeChange } from '../../pipelines/publication/planned-action.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';
import type { Place } from '../github/is-written-by.ts';
import { createCommit } from './create-commit.ts';

/** Puts one commit on a branch that stands at `from`, and returns its sha. Throws `branch-moved` when it has moved on. */
export async function pushCommit(
  github: GitHub,
  { owner, repo }: Place,
  commit: { branch: string; from: string; message: string; changes: readonly TreeChange[] },
): Promise<string> {
  const sha = await createCommit(github, { owner, repo }, commit);
  try {
    await github.rest.git.updateRef({ owner, repo, ref: `heads/${commit.branch}`, sha, force: false });
  } catch (cause) {
    if (!isStatus(cause, 409, 422)) throw cause;
    throw new PulltrainError('branch-moved', {
      what: 'somebody pushed to the branch at the same time',
      where: commit.branch,
      cure: 'Give the command again.',
      cause,
    });
  }
  return sha;
}
