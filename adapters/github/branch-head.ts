import type { GitHub } from './client.ts';

/** The commit a branch stands on, by its full name: a tag may be called the same. One call. */
export async function branchHead(
  github: GitHub,
  { owner, repo, branch }: { owner: string; repo: string; branch: string },
): Promise<string> {
  const { data } = await github.rest.git.getRef({ owner, repo, ref: `heads/${branch}` });
  return data.object.sha;
}
