import type { ChartSpec, DrawChart } from '../chart-theme.ts';
import type { Column } from '../plain-table.ts';
import { type Html, html, trusted } from './html.ts';
import { htmlTable } from './html-table.ts';

/** A picture, and the same for those who do not see it. */
export type Picture = {
  /** Its name as a file: `roc-curve`. */
  id: string;
  title: string;
  /** How to read it, in a sentence. */
  hint: string;
  /** What it shows here, with the numbers that matter. */
  summary: string;
  spec: ChartSpec;
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
};

/** Rows of the table behind a picture; what is drawn finer is thinned out evenly. */
const mostRows = 60;

/** A picture with its heading, what it shows in words, and its numbers folded away. */
export async function renderPicture(picture: Picture, draw: DrawChart): Promise<Html> {
  const { id, title, hint, summary, spec, columns, rows } = picture;
  const shown = thinOut(rows);
  const caption = shown.length === rows.length ? title : `${title}, ${shown.length} of ${rows.length} points`;
  return html`<figure id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}</h3>
<div class="picture" role="img" aria-label="${title}: ${summary}">${trusted(slim(await draw(spec)))}</div>
<figcaption>${summary} <span class="soft">${hint}</span></figcaption>
<details><summary>Numbers of this picture</summary>${htmlTable({ caption, columns, rows: shown })}</details>
</figure>
`;
}

/** Attributes that Vega writes and that say nothing: defaults, the page's own font, descriptions inside of a described picture. */
const idle =
  / (?:opacity="1"|font-family="[^"<>]*"|pointer-events="none"|role="graphics-[a-z]+"|aria-[a-z]+="[^"<>]*"|version="1\.1"|xmlns(?::xlink)?="[^"<>]*")/g;

function slim(svg: string): string {
  return svg.replace(idle, '');
}

function thinOut<T>(rows: readonly T[]): readonly T[] {
  if (rows.length <= mostRows) return rows;
  const step = (rows.length - 1) / (mostRows - 1);
  return Array.from({ length: mostRows }, (_, at) => rows[Math.round(at * step)]).filter((row) => row !== undefined);
}
