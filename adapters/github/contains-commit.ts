import type { GitHub } from './client.ts';
import { isStatus } from './is-status.ts';

/** Whether the history of one commit contains another, both given by sha. One call; false for what GitHub does not know. */
export async function containsCommit(
  github: GitHub,
  { owner, repo, commit, head }: { owner: string; repo: string; commit: string; head: string },
): Promise<boolean> {
  if (commit === head) return true;
  try {
    const { data } = await github.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${commit}...${head}`,
      per_page: 1,
    });
    return data.status === 'ahead' || data.status === 'identical';
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}
