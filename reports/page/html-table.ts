import type { Column } from '../plain-table.ts';
import { type Html, html } from './html.ts';

type Cell = string | Html;
export type Table = { caption: string; columns: readonly Column[]; rows: readonly (readonly Cell[])[] };

/** A table with a caption, headings that name their cells, and a frame that the keyboard can scroll when it is too wide. */
export function htmlTable({ caption, columns, rows }: Table): Html {
  const side = (at: number) => (columns[at]?.align === 'right' ? html` class="n"` : '');
  const head = columns.map(({ title }, at) => html`<th scope="col"${side(at)}>${title}</th>`);
  const body = rows.map((cells) => {
    const [first = '', ...others] = cells;
    return html`<tr><th scope="row">${first}</th>${others.map((cell, at) => html`<td${side(at + 1)}>${cell}</td>`)}</tr>
`;
  });
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>`;
}
