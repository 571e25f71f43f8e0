import type { Entry } from '../github/shapes.ts';
import { byteSize } from '../html/byte-size.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import type { TreeView } from './gather-tree.ts';

/** The files of one folder, folders first. */
export function renderFiles(entries: readonly Entry[], tree: TreeView): Html {
  const sorted = [...entries].sort(
    (a, b) => Number(b.type === 'dir') - Number(a.type === 'dir') || a.name.localeCompare(b.name, 'en'),
  );
  const up = tree.path === '' ? null : tree.path.split('/').slice(0, -1).join('/');
  return html`<ul class="files">${up !== null && html`<li><a class="file-name" href="${placeLink(tree, 'tree', up)}" aria-label="Parent folder">..</a></li>`}
${sorted.map((entry) => {
  const folder = entry.type === 'dir';
  return html`<li>${icon(folder ? 'folder' : 'file', { label: folder ? 'Folder' : 'File', tone: folder ? 'folder' : 'calm' })}<a class="file-name" href="${placeLink(tree, folder ? 'tree' : 'blob', entry.path)}">${entry.name}</a>${!folder && html`<span class="muted file-size">${byteSize(entry.size)}</span>`}</li>`;
})}</ul>`;
}

/** Address of a folder (`tree`), file (`blob`), its bytes (`raw`) or history (`commits`). */
export function placeLink(tree: TreeView, view: 'tree' | 'blob' | 'raw' | 'commits', path: string): string {
  const tail = path === '' ? '' : `/${path.split('/').map(encodeURIComponent).join('/')}`;
  const ref = tree.ref.split('/').map(encodeURIComponent).join('/');
  return `/${tree.repository}/${view}/${ref}${tail}`;
}
