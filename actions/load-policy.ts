import { openCommitTree } from '../adapters/source-tree/open-commit-tree.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { PulltrainError } from '../pipelines/errors.ts';

/**
 * A model and its policy as one commit has them, whatever else lies in the checkout. Throws `config-missing` besides
 * what parsing and selecting throw.
 */
export async function loadPolicy(
  checkout: string,
  commit: string,
  { config: path, model }: { config: string; model: string },
): Promise<{ name: string; model: ModelConfig }> {
  await using tree = await openCommitTree(checkout, commit);
  const bytes = await tree.read(path);
  if (bytes === null) {
    throw new PulltrainError('config-missing', {
      what: 'the configuration is not there',
      where: path,
      cure: 'Check out the default branch before this step, and name the file with the input config.',
    });
  }
  return selectModel(parseConfig(new TextDecoder().decode(bytes), path), model);
}
