import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import type { Config, ModelConfig } from '../../pipelines/config/schema.ts';
import type { FeaturePin } from '../../pipelines/contracts/feature-pin.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { computeRunKey, type RunIdentity } from '../../pipelines/training/compute-run-key.ts';
import { readPolicy } from '../read-policy.ts';
import { findFeatures } from './find-features.ts';

/** What the default branch says: the policy in force, its data, and the run it stands for (null before the first one). */
export type DefaultBranch = {
  config: Config;
  name: string;
  policy: ModelConfig;
  pointers: Map<string, Pointer>;
  identity: RunIdentity | null;
  /** What that run is trained on and served with; none where the definitions are broken, which a pull request may repair. */
  features: FeaturePin[];
};

/** Reads one commit of the default branch, whatever else lies in the checkout. */
export async function readDefaultBranch(
  checkout: string,
  commit: string,
  wanted: { config: string; model: string },
): Promise<DefaultBranch> {
  await using tree = await openCommitTree(checkout, commit);
  const { config, name, model: policy } = await readPolicy(tree, wanted);
  const identity = await computeRunKey({ name, model: policy, tree }).catch((thrown: unknown) => {
    // Before its first merge a model has no pipeline there, and a pull request may be what repairs a broken one.
    if (thrown instanceof PulltrainError) return null;
    throw thrown;
  });
  const { pins } = await findFeatures({ stages: identity?.stages ?? [], served: policy.serve.features }, tree);
  return { config, name, policy, pointers: await listPointers(tree), identity, features: pins };
}
