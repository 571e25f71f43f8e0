import type { MarkdownPlace } from './render-markdown.ts';
import { type Element, element, type Node, type Root } from './tree.ts';

const reference = /(?<![\w/@#-])(?:@([a-z\d](?:[a-z\d-]{0,38}))(?:\[bot\])?|#(\d{1,9})|([0-9a-f]{40}))(?![\w-])/gi;
const closed = new Set(['a', 'code', 'pre']);

/** Links `@login`, `#12` and full commit shas in running text; not inside links and code. */
export function linkReferences(place: MarkdownPlace): (tree: Root) => void {
  return (tree) => linkInside(tree, place);
}

function linkInside(parent: Root | Element, place: MarkdownPlace): void {
  for (const child of parent.children) {
    if (child.type === 'element' && !closed.has(child.tagName)) linkInside(child, place);
  }
  const linked: Node[] = parent.children.flatMap((child) =>
    child.type === 'text' ? linkText(child.value, place) : [child],
  );
  // Running text never holds a doctype, so what came in as children goes out as children.
  parent.children = linked.filter((node) => node.type !== 'doctype');
}

function linkText(text: string, place: MarkdownPlace): Node[] {
  const parts: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    parts.push({ type: 'text', value: text.slice(end, match.index) });
    parts.push(linkOf(match, place));
    end = match.index + match[0].length;
  }
  parts.push({ type: 'text', value: text.slice(end) });
  return parts.filter((part) => part.type !== 'text' || part.value !== '');
}

function linkOf([all, login, number, sha]: RegExpExecArray, { repository }: MarkdownPlace): Element {
  if (login !== undefined)
    return element('a', { className: ['mention'], href: `/${login}` }, [{ type: 'text', value: all }]);
  if (number !== undefined)
    return element('a', { href: `/${repository}/issues/${number}` }, [{ type: 'text', value: all }]);
  const code = element('code', {}, [{ type: 'text', value: (sha ?? all).slice(0, 7) }]);
  return element('a', { href: `/${repository}/commit/${sha ?? all}` }, [code]);
}
