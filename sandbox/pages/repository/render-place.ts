import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { TreeView } from './gather-tree.ts';
import { placeLink } from './render-files.ts';

/** Switch of branches and tags, and the path as links. */
export function renderPlace(tree: TreeView): Html {
  const parts = tree.path === '' ? [] : tree.path.split('/');
  const crumbs = parts.map((part, index) => {
    const path = parts.slice(0, index + 1).join('/');
    const last = index === parts.length - 1;
    return html`<span class="slash">/</span>${last ? html`<strong>${part}</strong>` : html`<a href="${placeLink(tree, 'tree', path)}">${part}</a>`}`;
  });
  return html`<div class="place">${renderSwitch(tree)}${parts.length > 0 && html`<nav class="path" aria-label="Path"><a href="${placeLink(tree, 'tree', '')}">${tree.view.repository.name}</a>${crumbs}</nav>`}</div>`;
}

function renderSwitch(tree: TreeView): Html {
  const list = (title: string, names: readonly string[]) =>
    names.length > 0 &&
    html`<h3>${title}</h3><ul>${names.map((name) => html`<li><a href="${placeLink({ ...tree, ref: name }, 'tree', '')}"${name === tree.ref && html` aria-current="true"`}>${name}</a></li>`)}</ul>`;
  const sha = /^[0-9a-f]{40}$/.test(tree.ref);
  return html`<details class="menu"><summary class="button">${icon('branch')}<span>${sha ? tree.ref.slice(0, 7) : tree.ref}</span></summary><div class="menu-list box">${list('Branches', tree.branches)}${list('Tags', tree.tags)}</div></details>`;
}
