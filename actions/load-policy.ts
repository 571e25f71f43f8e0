import { openCommitTree } from '../adapters/source-tree/open-commit-tree.ts';
import { type Policy, readPolicy } from './read-policy.ts';

/** A model and its policy as one commit has them, whatever else lies in the checkout. Throws what `readPolicy` throws. */
export async function loadPolicy(
  checkout: string,
  commit: string,
  { config, model }: { config: string; model: string },
): Promise<Policy> {
  await using tree = await openCommitTree(checkout, commit);
  // Awaited here: the tree is closed when this function is left.
  return await readPolicy(tree, { config, model });
}
