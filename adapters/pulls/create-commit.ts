import type { TreeChange } from '../../pipelines/publication/planned-action.ts';
import type { GitHub } from '../github/client.ts';
import type { Place } from '../github/is-written-by.ts';

/** A commit on top of `from` that no branch names yet; returns its sha. Three calls. */
export async function createCommit(
  github: GitHub,
  place: Place,
  { from, message, changes }: { from: string; message: string; changes: readonly TreeChange[] },
): Promise<string> {
  const { git } = github.rest;
  const parent = await git.getCommit({ ...place, commit_sha: from });
  const tree = await git.createTree({
    ...place,
    base_tree: parent.data.tree.sha,
    tree: changes.map((change) =>
      'content' in change
        ? { path: change.path, mode: '100644', type: 'blob', content: change.content }
        : { path: change.path, mode: change.mode, type: 'blob', sha: change.sha },
    ),
  });
  const commit = await git.createCommit({ ...place, message, tree: tree.data.sha, parents: [from] });
  return commit.data.sha;
}
