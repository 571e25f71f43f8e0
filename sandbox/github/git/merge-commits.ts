import { type Person, readCommit, writeCommit } from './commit-object.ts';
import type { GitStore } from './open-git-store.ts';

/** The tree of a merge of two commits, or null on conflict. Nothing is checked out. */
export async function mergeTrees(git: GitStore, ours: string, theirs: string): Promise<string | null> {
  const { code, stdout } = await git.run(['merge-tree', '--write-tree', '--no-messages', ours, theirs], {
    highestCode: 1,
  });
  return code === 0 ? (stdout.toString().split('\n')[0] ?? null) : null;
}

export async function isAncestor(git: GitStore, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true;
  const { code } = await git.run(['merge-base', '--is-ancestor', ancestor, descendant], { highestCode: 1 });
  return code === 0;
}

export async function mergeBase(git: GitStore, one: string, other: string): Promise<string | null> {
  const { code, stdout } = await git.run(['merge-base', one, other], { highestCode: 1 });
  return code === 0 ? stdout.toString().trim() : null;
}

/** Commit ids reachable from `to` and not from `from`, newest first. */
export async function listCommits(
  git: GitStore,
  from: string | null,
  to: string,
  extra: string[] = [],
): Promise<string[]> {
  const range = from === null ? [to] : [to, `^${from}`];
  const { stdout } = await git.run(['rev-list', '--topo-order', ...extra, ...range, '--']);
  return stdout.toString().split('\n').filter(Boolean);
}

/** Replays the commits of `head` that `onto` lacks on top of it; null on conflict. */
export async function rebaseCommits(
  git: GitStore,
  onto: string,
  head: string,
  committer: Person,
): Promise<string | null> {
  const commits = await listCommits(git, onto, head, ['--no-merges', '--reverse']);
  let tip = onto;
  for (const oid of commits) {
    const commit = await readCommit(git, oid);
    const current = await readCommit(git, tip);
    const parent = commit?.parents[0];
    if (commit === null || current === null) return null;
    // A stand-in with the tip's tree and the commit's own parent makes that parent the merge base: a cherry-pick.
    const stand = await writeCommit(git, { ...current, parents: parent === undefined ? [] : [parent] });
    const tree = await mergeTrees(git, stand, oid);
    if (tree === null) return null;
    tip = await writeCommit(git, { ...commit, tree, parents: [tip], committer });
  }
  return tip;
}
