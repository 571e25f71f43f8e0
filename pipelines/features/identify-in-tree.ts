import { pointerPath } from '../contracts/pointer.ts';
import { parsePointer } from '../data/parse-pointer.ts';
import { integrityOf } from '../integrity.ts';
import type { SourceTree } from '../ports/source-tree.ts';

/** What a data file of a commit is: what its pointer names, else the integrity of its bytes; null when it is not there. */
export async function identifyInTree(tree: SourceTree, path: string): Promise<string | null> {
  const pointer = await tree.read(pointerPath(path));
  if (pointer !== null) return parsePointer(new TextDecoder().decode(pointer), pointerPath(path)).integrity;
  const bytes = await tree.read(path);
  return bytes === null ? null : integrityOf(bytes);
}
