import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

type Node = { type: string; value?: string; url?: string; children?: Node[] };

const parser = unified().use(remarkParse).use(remarkGfm);
let last: { markdown: string; tree: Node } | null = null;

/** Tests ask several things of the same text; parsing is what takes the time. */
function parse(markdown: string): Node {
  if (last?.markdown !== markdown) last = { markdown, tree: parser.parse(markdown) };
  return last.tree;
}

/** Block structure of a markdown text as nested type names; what stands inside a paragraph or cell is left out. */
export function blocksOf(markdown: string): unknown {
  const walk = (node: Node): unknown => {
    const inside = ['paragraph', 'heading', 'tableCell'].includes(node.type) ? [] : (node.children ?? []).map(walk);
    return inside.length === 0 ? node.type : [node.type, inside];
  };
  return walk(parse(markdown));
}

/** Every node of one type, wherever it stands. */
export function nodesOf(markdown: string, type: string): Node[] {
  const found: Node[] = [];
  const walk = (node: Node): void => {
    if (node.type === type) found.push(node);
    for (const child of node.children ?? []) walk(child);
  };
  walk(parse(markdown));
  return found;
}

/** Text that people read, without code: what mentions and references are looked for in. */
export function proseOf(markdown: string): string {
  return nodesOf(markdown, 'text')
    .map(({ value }) => value ?? '')
    .join('\n');
}
