import { recordRefChanges } from '../events/record-ref-changes.ts';
import { writeCommit } from '../git/commit-object.ts';
import { isAncestor, mergeTrees } from '../git/merge-commits.ts';
import { actorPerson, webFlow } from '../identity.ts';
import { type Actor, ApiError } from '../kernel.ts';
import type { Platform } from '../platform.ts';
import type { Repository } from '../records.ts';

/** The `auto_merge` of deployments: true when the branch lacked the default branch's tip and has it now. */
export async function mergeDefaultBranch(
  platform: Platform,
  repository: Repository,
  actor: Actor,
  branch: string,
  sha: string,
): Promise<boolean> {
  const { git, defaultBranch } = repository;
  const ref = `refs/heads/${branch.replace(/^refs\/heads\//, '')}`;
  const tip = await git.commitOid(`refs/heads/${defaultBranch}`);
  if (tip === null || (await git.commitOid(ref)) !== sha || (await isAncestor(git, tip, sha))) return false;
  return git.exclusive(async () => {
    const tree = await mergeTrees(git, sha, tip);
    if (tree === null) throw new ApiError(409, `Conflict merging ${defaultBranch} into ${branch}`);
    const date = platform.timestamp();
    const after = await writeCommit(git, {
      tree,
      parents: [sha, tip],
      author: actorPerson(platform, actor, date),
      committer: webFlow(date),
      message: `Merge ${defaultBranch} into ${branch}`,
    });
    if (!(await git.updateRefs([{ ref, to: after, from: sha }]))) throw new ApiError(409, `${branch} has moved`);
    await recordRefChanges(platform, repository, actor, [{ ref, before: sha, after }]);
    return true;
  });
}
