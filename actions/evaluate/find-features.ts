import type { FeaturePin } from '../../pipelines/contracts/feature-pin.ts';
import type { Problem } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { identifyInTree } from '../../pipelines/features/identify-in-tree.ts';
import { type PinSubject, pinFeatures } from '../../pipelines/features/pin-features.ts';
import type { SourceTree } from '../../pipelines/ports/source-tree.ts';

/** The features of a model in one git tree, or why they could not be published: told while it is still a pull request. */
export async function findFeatures(
  subject: PinSubject,
  tree: SourceTree,
): Promise<{ pins: FeaturePin[]; problems: Problem[] }> {
  try {
    return { pins: await pinFeatures(subject, { tree, identify: (path) => identifyInTree(tree, path) }), problems: [] };
  } catch (thrown) {
    if (thrown instanceof PulltrainError) {
      return { pins: [], problems: [{ code: thrown.code, message: thrown.message }] };
    }
    throw thrown;
  }
}
