import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

export type Place = { line: number; column: number };

/**
 * Where a dotted path stands in a YAML text: the value when it is a scalar, its key otherwise, and the nearest
 * enclosing key when the path does not exist. `key: true` always points at the key.
 */
export function locateNode(
  document: Document,
  counter: LineCounter,
  path: readonly PropertyKey[],
  options: { key?: boolean } = {},
): Place {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const resolved = isAlias(node) ? node.resolve(document) : node;
    if (isMap(resolved)) {
      const pair = resolved.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) break;
      node = pair.value;
      offset = startOf(pair.key) ?? offset;
      if (last && options.key !== true && isScalar(node)) offset = startOf(node) ?? offset;
    } else if (isSeq(resolved)) {
      node = resolved.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      break;
    }
  }
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function startOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  const typed: Node = node;
  return typed.range?.[0];
}
