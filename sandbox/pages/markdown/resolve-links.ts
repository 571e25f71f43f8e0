import type { MarkdownPlace } from './render-markdown.ts';
import { elementsOf, type Root } from './tree.ts';

/** Makes relative links and pictures of a file's text point at the files beside it. */
export function resolveLinks({ repository, tree: place }: MarkdownPlace): (tree: Root) => void {
  return (tree) => {
    if (place === undefined) return;
    for (const node of elementsOf(tree)) {
      const [name, view] = node.tagName === 'img' ? (['src', 'raw'] as const) : (['href', 'blob'] as const);
      const address = node.properties[name];
      if (typeof address !== 'string' || /^([a-z][a-z\d+.-]*:|\/\/|#)/i.test(address)) continue;
      const folder = address.startsWith('/') || place.folder === '' ? '' : `${place.folder}/`;
      const resolved = new URL(folder + address.replace(/^\/+/, ''), 'http://files/');
      node.properties[name] =
        `/${repository}/${view}/${encodeURIComponent(place.ref)}${resolved.pathname}${resolved.hash}`;
    }
  };
}
