import { isAncestor } from './git/merge-commits.ts';
import type { RefCommand } from './git/receive-pack.ts';
import type { Role } from './kernel.ts';
import { unmetChecks } from './pulls/unmet-checks.ts';
import type { Repository } from './records.ts';

/**
 * Why a ref may not be moved this way, or null when it may: protected branches want their required checks (admins
 * pass while they are not enforced on admins), pull request refs are GitHub's own, tags of releases are immutable.
 */
export async function refuseRefChange(
  repository: Repository,
  role: Role | null,
  { ref, before, after }: RefCommand,
): Promise<string | null> {
  if (ref.startsWith('refs/pull/')) return `${ref} is read-only.`;
  if (ref.startsWith('refs/tags/') && before !== null && repository.burnedTags.has(ref.slice('refs/tags/'.length))) {
    return `GH013: Cannot change ${ref}, it belongs to an immutable release.`;
  }
  if (!ref.startsWith('refs/heads/')) return null;
  const branch = ref.slice('refs/heads/'.length);
  if (branch === repository.defaultBranch && after === null) return `refusing to delete the current branch: ${ref}`;
  const protection = repository.protections.get(branch);
  if (protection === undefined) return null;
  if (after === null) return `GH006: Protected branch update failed for ${ref}. Cannot delete this protected branch.`;
  if (role === 'admin' && !protection.enforceAdmins) return null;
  const unmet = unmetChecks(repository, protection, after);
  const [first] = unmet;
  if (first !== undefined) {
    const what =
      unmet.length === 1
        ? `Required status check "${first.context}" is ${first.reason}.`
        : `${unmet.length} required status checks have not passed.`;
    return `GH006: Protected branch update failed for ${ref}. ${what}`;
  }
  const known = before === null || (await repository.git.commitOid(after)) === null;
  // An unknown commit has no passed check, so with required checks it was refused above.
  if (!known && !(await isAncestor(repository.git, before, after))) {
    return `GH006: Protected branch update failed for ${ref}. Cannot force-push to this protected branch.`;
  }
  return null;
}
