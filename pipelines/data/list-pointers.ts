import { type Pointer, pointerPath } from '../contracts/pointer.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { parsePointer } from './parse-pointer.ts';

const ending = pointerPath('');

/**
 * Pointers of a tree by the path of the data they stand for: all of them, or those of `paths`. A path without a pointer
 * is left out. Throws `pointer-invalid`.
 */
export async function listPointers(tree: SourceTree, paths?: readonly string[]): Promise<Map<string, Pointer>> {
  const files = paths?.map(pointerPath) ?? (await tree.list('')).filter((path) => path.endsWith(ending));
  const pointers = new Map<string, Pointer>();
  for (const file of files) {
    const bytes = await tree.read(file);
    if (bytes === null) continue;
    pointers.set(file.slice(0, -ending.length), parsePointer(new TextDecoder().decode(bytes), file));
  }
  return pointers;
}
