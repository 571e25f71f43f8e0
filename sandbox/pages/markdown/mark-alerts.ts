import { type Element, element, elementsOf, type Root } from './tree.ts';

const marker = /^\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*/;

/** Turns a quote that begins with `[!NOTE]` (TIP, IMPORTANT, WARNING, CAUTION) into GitHub's coloured box. */
export function markAlerts(): (tree: Root) => void {
  return (tree) => {
    for (const node of elementsOf(tree)) if (node.tagName === 'blockquote') markAlert(node);
  };
}

function markAlert(quote: Element): void {
  const paragraph = quote.children.find((child) => child.type === 'element');
  const first = paragraph?.type === 'element' && paragraph.tagName === 'p' ? paragraph.children[0] : undefined;
  if (first?.type !== 'text') return;
  const kind = marker.exec(first.value)?.[1];
  if (kind === undefined) return;
  first.value = first.value.replace(marker, '');
  const title = kind.charAt(0) + kind.slice(1).toLowerCase();
  quote.tagName = 'div';
  quote.properties = { className: ['alert', `alert-${kind.toLowerCase()}`] };
  quote.children = [element('p', { className: ['alert-title'] }, [{ type: 'text', value: title }]), ...quote.children];
}
