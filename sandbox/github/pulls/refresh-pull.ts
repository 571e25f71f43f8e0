import { writeCommit } from '../git/commit-object.ts';
import { diffFiles } from '../git/diff-files.ts';
import { mergeBase, mergeTrees } from '../git/merge-commits.ts';
import { webFlow } from '../identity.ts';
import type { Platform } from '../platform.ts';
import type { Issue, Pull, Repository } from '../records.ts';

/**
 * Brings a pull request up to date with its two tips: counts, the test merge, and the refs `refs/pull/N/head` and
 * `refs/pull/N/merge` (none while the two conflict).
 */
export async function refreshPull(platform: Platform, repository: Repository, issue: Issue, pull: Pull): Promise<void> {
  const { git } = repository;
  const { head, base } = pull;
  const [tree, fork, counts] = await Promise.all([
    mergeTrees(git, base.sha, head.sha),
    mergeBase(git, base.sha, head.sha),
    git.run(['rev-list', '--left-right', '--count', `${base.sha}...${head.sha}`]),
  ]);
  const [behind = 0, ahead = 0] = counts.stdout.toString().trim().split(/\s+/).map(Number);
  const files = fork === null ? [] : await diffFiles(git, fork, head.sha, false);
  pull.mergeable = tree !== null;
  pull.behind = behind > 0;
  pull.commits = ahead;
  pull.additions = sum(files.map(({ additions }) => additions));
  pull.deletions = sum(files.map(({ deletions }) => deletions));
  pull.changedFiles = files.length;
  const person = webFlow(platform.timestamp());
  pull.mergeCommitSha =
    tree === null
      ? null
      : await writeCommit(git, {
          tree,
          parents: [base.sha, head.sha],
          author: person,
          committer: person,
          message: `Merge ${head.sha} into ${base.sha}`,
        });
  await git.updateRefs([
    { ref: `refs/pull/${issue.number}/head`, to: head.sha },
    { ref: `refs/pull/${issue.number}/merge`, to: pull.mergeCommitSha },
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
