import type { GitHub } from '../adapters/github/client.ts';
import { isStatus } from '../adapters/github/is-status.ts';

/** Whether a pull request was merged into the default branch with exactly this head. One call. */
export async function isMerged(
  github: GitHub,
  { owner, repo, pull, headSha }: { owner: string; repo: string; pull: number; headSha: string },
): Promise<boolean> {
  try {
    const { data } = await github.rest.pulls.get({ owner, repo, pull_number: pull });
    return data.merged && data.base.ref === data.base.repo.default_branch && data.head.sha === headSha;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}
