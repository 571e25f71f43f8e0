import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import type { Config, ModelConfig } from '../../pipelines/config/schema.ts';
import { selectModel } from '../../pipelines/config/select-model.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { computeRunKey, type RunIdentity } from '../../pipelines/training/compute-run-key.ts';

/** What the default branch says: the policy in force, its data, and the run it stands for (null before the first one). */
export type DefaultBranch = {
  config: Config;
  name: string;
  policy: ModelConfig;
  pointers: Map<string, Pointer>;
  identity: RunIdentity | null;
};

/** Reads one commit of the default branch, whatever else lies in the checkout. */
export async function readDefaultBranch(
  checkout: string,
  commit: string,
  { config: path, model }: { config: string; model: string },
): Promise<DefaultBranch> {
  await using tree = await openCommitTree(checkout, commit);
  const bytes = await tree.read(path);
  if (bytes === null) {
    throw new PulltrainError('config-missing', {
      what: 'the configuration is not there',
      where: path,
      cure: 'Check out the default branch before this step, and name the file with the input config.',
    });
  }
  const config = parseConfig(new TextDecoder().decode(bytes), path);
  const { name, model: policy } = selectModel(config, model);
  const identity = await computeRunKey({ name, model: policy, tree }).catch((thrown: unknown) => {
    // Before its first merge a model has no pipeline there, and a pull request may be what repairs a broken one.
    if (thrown instanceof PulltrainError) return null;
    throw thrown;
  });
  return { config, name, policy, pointers: await listPointers(tree), identity };
}
