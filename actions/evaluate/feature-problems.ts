import type { Problem } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { identifyInTree } from '../../pipelines/features/identify-in-tree.ts';
import { type PinSubject, pinFeatures } from '../../pipelines/features/pin-features.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';

/** Why the features of a model could not be published after a merge: told while it is still a pull request. */
export async function featureProblems(subject: PinSubject, tree: SourceTree): Promise<Problem[]> {
  try {
    await pinFeatures(subject, { tree, identify: (path) => identifyInTree(tree, path) });
    return [];
  } catch (thrown) {
    if (thrown instanceof PulltrainError) return [{ code: thrown.code, message: thrown.message }];
    throw thrown;
  }
}
