import { writeCommit } from '../git/commit-object.ts';
import { diffFiles } from '../git/diff-files.ts';
import { mergeBase, mergeTrees } from '../git/merge-commits.ts';
import type { RefChange } from '../git/open-git-store.ts';
import { webFlow } from '../identity.ts';
import type { Platform } from '../platform.ts';
import type { Issue, Pull, Repository } from '../records.ts';

/** Pull requests looked at side by side; each costs a few short git processes. */
const SIDE_BY_SIDE = 8;

/**
 * Brings pull requests up to date with their two tips: counts, the test merge, and the refs `refs/pull/N/head` and
 * `refs/pull/N/merge` (none while the two conflict).
 */
export async function refreshPulls(
  platform: Platform,
  repository: Repository,
  pulls: readonly { issue: Issue; pull: Pull }[],
): Promise<void> {
  const changes: RefChange[] = [];
  for (let at = 0; at < pulls.length; at += SIDE_BY_SIDE) {
    const some = pulls.slice(at, at + SIDE_BY_SIDE);
    await Promise.all(some.map(({ pull }) => refreshPull(platform, repository, pull)));
  }
  for (const { issue, pull } of pulls) {
    changes.push({ ref: `refs/pull/${issue.number}/head`, to: pull.head.sha });
    changes.push({ ref: `refs/pull/${issue.number}/merge`, to: pull.mergeCommitSha });
  }
  if (changes.length > 0) await repository.git.updateRefs(changes);
}

async function refreshPull(platform: Platform, repository: Repository, pull: Pull): Promise<void> {
  const { git } = repository;
  const { head, base } = pull;
  const [tree, fork] = await Promise.all([mergeTrees(git, base.sha, head.sha), mergeBase(git, base.sha, head.sha)]);
  const compared = `${fork}...${head.sha}`;
  // A base that has only moved on changes nothing of what the pull request itself changes.
  if (pull.compared !== compared) await countChanges(repository, pull, fork);
  pull.compared = compared;
  pull.behind = fork !== base.sha;
  pull.mergeable = tree !== null;
  pull.mergeCommitSha = tree === null ? null : await writeTestMerge(platform, repository, pull, tree);
}

async function countChanges({ git }: Repository, pull: Pull, fork: string | null): Promise<void> {
  const [counts, files] = await Promise.all([
    git.run(['rev-list', '--count', pull.head.sha, `^${pull.base.sha}`]),
    fork === null ? [] : diffFiles(git, fork, pull.head.sha, false),
  ]);
  pull.commits = Number(counts.stdout.toString());
  pull.additions = sum(files.map(({ additions }) => additions));
  pull.deletions = sum(files.map(({ deletions }) => deletions));
  pull.changedFiles = files.length;
}

function writeTestMerge(platform: Platform, { git }: Repository, { base, head }: Pull, tree: string): Promise<string> {
  const person = webFlow(platform.timestamp());
  const message = `Merge ${head.sha} into ${base.sha}`;
  return writeCommit(git, { tree, parents: [base.sha, head.sha], author: person, committer: person, message });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
