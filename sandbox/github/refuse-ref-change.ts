import { isAncestor, mergeBase } from './git/merge-commits.ts';
import type { RefCommand } from './git/receive-pack.ts';
import type { Permissions, Role } from './kernel.ts';
import { allows } from './permissions.ts';
import { unmetChecks } from './pulls/unmet-checks.ts';
import type { Protection, Repository } from './records.ts';

/** What the mover of a ref may do; `role` is null for Apps and jobs. */
export type Held = { permissions: Permissions; role: Role | null };

/**
 * Why a ref may not be moved this way, or null when it may. Pull request refs are GitHub's own, tags of releases never
 * move, protected branches want their required checks, and workflow files want the permission `workflows`. What can
 * only be said of commits that the repository has is left open for those it has not: ask again when they are there.
 */
export async function refuseRefChange(repository: Repository, held: Held, command: RefCommand): Promise<string | null> {
  const { ref, before, after } = command;
  if (ref.startsWith('refs/pull/')) return `${ref} is read-only.`;
  if (ref.startsWith('refs/tags/') && before !== null && repository.burnedTags.has(ref.slice('refs/tags/'.length))) {
    return `GH013: Cannot change ${ref}, it belongs to an immutable release.`;
  }
  if (!ref.startsWith('refs/heads/')) return null;
  const branch = ref.slice('refs/heads/'.length);
  if (branch === repository.defaultBranch && after === null) return `refusing to delete the current branch: ${ref}`;
  const protection = repository.protections.get(branch);
  const bypass = held.role === 'admin' && protection?.enforceAdmins === false;
  if (protection !== undefined && !bypass) {
    const refused = await refuseProtected(repository, protection, command);
    if (refused !== null) return `GH006: Protected branch update failed for ${ref}. ${refused}`;
  }
  if (after === null || allows(held.permissions, 'workflows', 'write')) return null;
  return (await changesWorkflows(repository, before, after))
    ? 'refusing to allow a GitHub App to create or update a workflow without `workflows` permission'
    : null;
}

async function refuseProtected(
  repository: Repository,
  protection: Protection,
  { before, after }: RefCommand,
): Promise<string | null> {
  if (after === null) return 'Cannot delete this protected branch.';
  const unmet = unmetChecks(repository, protection, after);
  const [first] = unmet;
  if (first !== undefined) {
    return unmet.length === 1
      ? `Required status check "${first.context}" is ${first.reason}.`
      : `${unmet.length} required status checks have not passed.`;
  }
  if (before === null || (await repository.git.commitOid(after)) === null) return null;
  return (await isAncestor(repository.git, before, after)) ? null : 'Cannot force-push to this protected branch.';
}

/** True when a branch would get workflow files that neither it nor the default branch had where it left off. */
export async function changesWorkflows(
  { git, defaultBranch }: Repository,
  before: string | null,
  after: string,
): Promise<boolean> {
  if ((await git.commitOid(after)) === null) return false;
  const workflows = async (commit: string | null): Promise<string | null> =>
    commit === null ? null : ((await git.info(`${commit}:.github/workflows`))?.oid ?? null);
  const next = await workflows(after);
  if (next === null || next === (await workflows(before))) return false;
  const main = await git.commitOid(`refs/heads/${defaultBranch}`);
  if (next === (await workflows(main))) return false;
  const fork = main === null || before !== null ? null : await mergeBase(git, main, after);
  return next !== (await workflows(fork));
}
