import { openCommitTree } from '../adapters/source-tree/open-commit-tree.ts';
import { declaredModels } from '../pipelines/config/declared-models.ts';

/**
 * The model that a job is about although its policy cannot be read: the one it was asked for, else the only one that the
 * configuration declares. Null when neither says.
 */
export async function nameModel(
  checkout: string,
  commit: string,
  { config: path, model }: { config: string; model: string },
): Promise<string | null> {
  await using tree = await openCommitTree(checkout, commit);
  const bytes = await tree.read(path);
  const declared = bytes === null ? [] : declaredModels(new TextDecoder().decode(bytes));
  const [only = null, ...others] = model === '' ? declared : declared.filter((name) => name === model);
  return others.length === 0 ? only : null;
}
