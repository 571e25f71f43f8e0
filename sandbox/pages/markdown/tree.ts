import type rehypeSanitize from 'rehype-sanitize';

/** The HTML syntax tree of the markdown chain, named through the sanitizer that every text has passed. */
export type Root = ReturnType<ReturnType<typeof rehypeSanitize>>;
export type Node = Root['children'][number];
export type Element = Extract<Node, { type: 'element' }>;

/** Every element below a node, parents first. */
export function* elementsOf(parent: Root | Element): Generator<Element> {
  for (const child of parent.children) {
    if (child.type !== 'element') continue;
    yield child;
    yield* elementsOf(child);
  }
}

export function element(tagName: string, properties: Element['properties'], children: Element['children']): Element {
  return { type: 'element', tagName, properties, children };
}

export function textOf(node: Node): string {
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textOf).join('') : '';
}
