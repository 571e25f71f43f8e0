import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { Config, ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { SourceTree } from '../pipelines/ports/source-tree.ts';

export type Policy = { config: Config; name: string; model: ModelConfig };

/** The configuration of a tree and the model in it that is meant. Throws `config-missing` besides what parsing and selecting throw. */
export async function readPolicy(
  tree: SourceTree,
  { config: path, model }: { config: string; model: string },
): Promise<Policy> {
  const bytes = await tree.read(path);
  if (bytes === null) {
    throw new PulltrainError('config-missing', {
      what: 'the configuration is not there',
      where: path,
      cure: 'Check out the default branch before this step, and name the file with the input config.',
    });
  }
  const config = parseConfig(new TextDecoder().decode(bytes), path);
  return { config, ...selectModel(config, model) };
}
