import { emitPull, recordRefChanges } from '../events/record-ref-changes.ts';
import { type Commit, readCommit, writeCommit } from '../git/commit-object.ts';
import { listCommits, mergeTrees, rebaseCommits } from '../git/merge-commits.ts';
import { actorPerson, webFlow } from '../identity.ts';
import { closeIssue, closeMentionedIssues } from '../issues/change-issue.ts';
import { type Actor, ApiError, type Role } from '../kernel.ts';
import type { Platform } from '../platform.ts';
import type { Issue, Pull, Repository } from '../records.ts';
import { unmetChecks } from './unmet-checks.ts';

export type MergeOrder = {
  method: 'merge' | 'squash' | 'rebase';
  title: string | null;
  message: string | null;
  /** The head the caller has seen; another one is a conflict. */
  expectedHead: string | null;
  actor: Actor;
  role: Role | null;
};

/** Merges a pull request into its base and tells everyone; 405 when it may not merge, 409 when its head has moved. */
export function mergePull(
  platform: Platform,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  order: MergeOrder,
): Promise<string> {
  return repository.git.exclusive(async () => {
    refuseMerge(repository, issue, pull, order);
    const commits = await commitsOf(repository, pull);
    const sha = await writeMerge(platform, repository, issue, pull, order, commits);
    if (sha === null) throw new ApiError(405, 'Pull Request is not mergeable');
    const before = pull.base.sha;
    const ref = `refs/heads/${pull.base.ref}`;
    if (!(await repository.git.updateRefs([{ ref, to: sha, from: before }]))) {
      throw new ApiError(409, 'Base branch was modified. Review and try the merge again.');
    }
    closeIssue(platform, issue, order.actor, null);
    Object.assign(pull, { merged: true, mergedAt: issue.closedAt, mergedBy: order.actor, mergeCommitSha: sha });
    await repository.git.updateRefs([{ ref: `refs/pull/${issue.number}/merge`, to: null }]);
    await recordRefChanges(platform, repository, order.actor, [{ ref, before, after: sha }]);
    emitPull(platform, repository, order.actor, issue, pull, 'closed');
    if (pull.base.ref === repository.defaultBranch) {
      const texts = [issue.body ?? '', ...commits.map(({ message }) => message)];
      closeMentionedIssues(platform, repository, order.actor, texts);
    }
    if (repository.deleteBranchOnMerge) await deleteHead(platform, repository, pull, order.actor);
    return sha;
  });
}

function refuseMerge(repository: Repository, issue: Issue, pull: Pull, order: MergeOrder): void {
  if (order.expectedHead !== null && order.expectedHead !== pull.head.sha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (issue.state !== 'open' || !pull.mergeable) throw new ApiError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new ApiError(405, 'Pull Request is still a draft');
  const protection = repository.protections.get(pull.base.ref);
  if (protection === undefined || (order.role === 'admin' && !protection.enforceAdmins)) return;
  const unmet = unmetChecks(repository, protection, pull.head.sha);
  const [first] = unmet;
  if (first !== undefined) {
    throw new ApiError(
      405,
      unmet.length === 1
        ? `Required status check "${first.context}" is ${first.reason}.`
        : `${unmet.length} of ${protection.requiredChecks?.length} required status checks have not succeeded.`,
    );
  }
  if (protection.strict && pull.behind) throw new ApiError(405, 'Head branch is out of date.');
}

async function commitsOf(repository: Repository, pull: Pull): Promise<Commit[]> {
  const oids = (await listCommits(repository.git, pull.base.sha, pull.head.sha)).reverse();
  const commits = await Promise.all(oids.map((oid) => readCommit(repository.git, oid)));
  return commits.filter((commit) => commit !== null);
}

/** The new tip of the base branch; null on conflict. */
async function writeMerge(
  platform: Platform,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  { method, title, message, actor }: MergeOrder,
  commits: readonly Commit[],
): Promise<string | null> {
  const { git } = repository;
  const date = platform.timestamp();
  if (method === 'rebase') return rebaseCommits(git, pull.base.sha, pull.head.sha, webFlow(date));
  const tree = await mergeTrees(git, pull.base.sha, pull.head.sha);
  if (tree === null) return null;
  const squash = method === 'squash';
  const head =
    title ??
    (squash
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${repository.owner}/${pull.head.ref}`);
  const body = message ?? (squash ? commits.map((commit) => `* ${commit.message}`).join('\n\n') : issue.title);
  return writeCommit(git, {
    tree,
    parents: squash ? [pull.base.sha] : [pull.base.sha, pull.head.sha],
    author: actorPerson(platform, squash ? issue.author : actor, date),
    committer: webFlow(date),
    message: body === '' ? head : `${head}\n\n${body}`,
  });
}

async function deleteHead(platform: Platform, repository: Repository, pull: Pull, actor: Actor): Promise<void> {
  const ref = `refs/heads/${pull.head.ref}`;
  const before = await repository.git.commitOid(ref);
  if (before === null || repository.protections.has(pull.head.ref)) return;
  if (!(await repository.git.updateRefs([{ ref, to: null, from: before }]))) return;
  await recordRefChanges(platform, repository, actor, [{ ref, before, after: null }]);
}
