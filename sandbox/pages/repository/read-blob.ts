import { type Api, gatherOne } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';
import { fileShape } from '../github/shapes.ts';
import { decodeContent } from './decode-content.ts';
import { contentsPath, gatherTree } from './gather-tree.ts';

/** The bytes of one file, as `/raw/` serves them. */
export async function readBlob(
  api: Api,
  { owner, repo, rest }: { owner: string; repo: string; rest: string },
): Promise<Buffer> {
  const tree = await gatherTree(api, owner, repo, rest);
  const file = await gatherOne(api, contentsPath(tree, tree.path), fileShape);
  if (file.type !== 'file') throw new PageError(404, `${tree.path}: not a file`);
  return decodeContent(file);
}
