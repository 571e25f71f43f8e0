import { firstParents } from '../../adapters/git/first-parents.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { computeRunKey } from '../../pipelines/training/compute-run-key.ts';
import type { BasePorts } from './fetch-base.ts';
import type { DefaultBranch } from './read-default-branch.ts';

/** The default branch's past as a checkout knows it: what each commit stands for, and what came before it. */
export function openHistory(
  { name, policy, identity }: Pick<DefaultBranch, 'name' | 'policy' | 'identity'>,
  { checkout, commit: newest, token }: { checkout: string; commit: string; token: string },
): Pick<BasePorts, 'keyOf' | 'ancestors'> {
  return {
    async keyOf(commit) {
      if (commit === newest) return identity?.key ?? null;
      await using tree = await openCommitTree(checkout, commit);
      try {
        return (await computeRunKey({ name, model: policy, tree })).key;
      } catch (thrown) {
        if (thrown instanceof PulltrainError && thrown.code !== 'git-failed') return null;
        throw thrown;
      }
    },
    ancestors: (commit, most) => firstParents(checkout, commit, { most, token }),
  };
}
